import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Identity } from "../certificates/identity.ts";
import { clientArguments } from "./program.ts";

/** Fields of a message, names and values in base64. */
export type Http3Fields = ReadonlyArray<readonly [name: string, value: string]>;

/** Where to connect, and how. */
export interface Http3Target {
  readonly host: string;
  readonly port: number;
  readonly localAddress: string | null;
  readonly authority: string | null;
  readonly serverName: string | null;
  readonly identity: Identity | null;
  readonly alpn: readonly string[] | null;
  readonly verify: boolean;
}

/** A request as the program takes it. */
export interface Http3Request {
  readonly headers: Http3Fields;
  readonly chunks: readonly string[];
  readonly trailers: Http3Fields;
}

/** A line of the program: number 0 is the handshake, others are responses. `error` is there when it failed. */
export interface Http3Answer {
  readonly id: number;
  readonly error?: string;
  /** Whether that was a matter of the handshake. */
  readonly isOfTls?: boolean;
  readonly alpn?: string | null;
  /** PEM. */
  readonly certificate?: string;
  readonly headers?: Http3Fields;
  readonly body?: string;
  readonly trailers?: Http3Fields;
  /** Of a response that was cut short; null when not even its head came. */
  readonly status?: number | null;
  /** Bytes of the body of such a response. */
  readonly received?: number;
}

/** The Python program that holds one connection; it ends with this object, or with this process. */
export class Http3Process implements Disposable {
  /** What came of the handshake. */
  readonly opened: Promise<Http3Answer>;
  private readonly child: ChildProcess & { readonly stdin: Writable; readonly stdout: Readable };
  private readonly waiting = new Map<number, (answer: Http3Answer) => void>();
  private readonly lastWords: string[] = [];
  private lastId = 0;
  private isOver = false;

  constructor(target: Http3Target) {
    this.child = spawn("python3", clientArguments(), { stdio: ["pipe", "pipe", "pipe"] });
    this.opened = this.answerTo(0);
    this.child.stdin.on("error", () => undefined); // its end says more
    createInterface({ input: this.child.stdout }).on("line", (line) => this.take(line));
    if (this.child.stderr !== null)
      createInterface({ input: this.child.stderr }).on("line", (line) => this.lastWords.push(line));
    this.child.once("error", (error) => this.finish(error.message));
    this.child.once("close", () => this.finish(this.lastWords.at(-1) ?? "the HTTP/3 client has ended"));
    this.say(target);
  }

  /** Whether nothing can be sent any more. */
  get hasEnded(): boolean {
    return this.isOver;
  }

  send(request: Http3Request, signal?: AbortSignal): Promise<Http3Answer> {
    const id = ++this.lastId;
    const answer = this.answerTo(id);
    this.say({ id, ...request });
    const abort = (): void => this.cancel(id);
    signal?.addEventListener("abort", abort);
    return answer.finally(() => signal?.removeEventListener("abort", abort));
  }

  [Symbol.dispose](): void {
    this.child.stdin.end();
  }

  private cancel(id: number): void {
    this.say({ cancel: id });
    this.take(JSON.stringify({ id, error: "the request was given up" }));
  }

  private answerTo(id: number): Promise<Http3Answer> {
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  private say(line: object): void {
    this.child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  private take(line: string): void {
    const answer = JSON.parse(line) as Http3Answer;
    if (answer.id === 0 && answer.error !== undefined) this.isOver = true;
    this.waiting.get(answer.id)?.(answer);
    this.waiting.delete(answer.id);
  }

  private finish(error: string): void {
    this.isOver = true;
    for (const [id, resolve] of this.waiting) resolve({ id, error });
    this.waiting.clear();
  }
}
