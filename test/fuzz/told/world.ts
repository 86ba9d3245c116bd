import { add, type Field, isName, isValue, set } from "../host/fields.ts";
import { PLUGIN } from "../host/light-host.ts";
import type { HostState } from "../host/state.ts";
import { splitFirst } from "./bytes.ts";
import { unsent } from "./grpc-ends.ts";
import type { Operand } from "./steps.ts";

/** How a filter wants to see a body, as it said in the headers' callback. */
export type Plan = "look" | "rewrite" | "whole";

/** What the SDK's keys of shared data begin with: filter, plugin and root_id. */
const keysBegin = "told\0\0told\0";

/** What the model has of the messages of one stream, request and response; the host must agree after each callback. */
export class World {
  readonly state: HostState;
  /** Request headers and trailers, response headers and trailers. */
  readonly maps: (readonly Field[])[] = [[], [], [], []];
  readonly bodies: string[] = ["", ""];
  readonly plans: Plan[] = ["look", "look"];
  readonly hasBody: boolean[] = [false, false];
  /** What the route says, as the guest reports it; null when that is not known. */
  route: string | null = null;
  /** Shared values without what their keys begin with, messages by queue, and what rivals will do. */
  readonly shared = new Map<string, string>();
  readonly queues = new Map<string, string[]>();
  private rivals = 0;
  /** What a handler of gRPC must report next; null when none may. */
  grpc: string | null = null;
  /** The message that the report is about: 0 or 1. */
  message = 0;
  /** The running callback shows the end of a body. */
  isEnd = false;

  constructor(state: HostState) {
    this.state = state;
  }

  /** Begins a stream: nothing is known of its bodies. */
  beginStream(): void {
    this.plans.fill("look");
    this.hasBody.fill(false);
  }

  /** Takes over what the host has before a callback. */
  look(): void {
    for (const i of this.maps.keys()) this.maps[i] = this.state.maps[i] ?? [];
    for (const i of this.bodies.keys()) this.bodies[i] = this.state.buffers[i] ?? "";
  }

  /** Lets other VMs be faster at storing shared values, so many times. */
  admitRivals(count: number): void {
    this.rivals = count;
    this.state.rivals = count;
  }

  /** Whether another VM is faster, and has stored its value. */
  letRivalStore(key: string): boolean {
    if (this.rivals === 0) return false;
    this.rivals--;
    this.shared.set(key, `${this.shared.get(key) ?? ""}+`);
    return true;
  }

  /** Stores a value whatever was there. */
  store(key: string, value: string): string {
    this.letRivalStore(key);
    this.shared.set(key, value);
    return "1";
  }

  /** Throws when the host has anything other than the model. */
  compare(): void {
    for (const [i, fields] of this.maps.entries()) agree(`header map ${i}`, this.state.maps[i], fields);
    for (const [i, body] of this.bodies.entries()) agree(`body ${i}`, this.state.buffers[i], body);
    for (const [key, { value }] of this.state.shared)
      agree("a shared value", value, this.shared.get(key.slice(keysBegin.length)));
  }

  /** Changes a map when the field may be written; what the guest must say of it. */
  write(map: number, name: string, value: string, change: (fields: readonly Field[]) => Field[]): string {
    if (!isName(name) || !isValue(value) || this.isGone(map)) return "0";
    this.maps[map] = change(this.maps[map] ?? []);
    return "1";
  }

  /** Whether nothing of a map is to be had: where the stream is over, of the response's headers. */
  isGone(map: number): boolean {
    return map === 2 && this.state.callback === "proxy_on_done";
  }

  /** Changes the body when it may; what the guest must say of it. To add nothing is no change. */
  edit(edited: string, added = edited): boolean {
    const { message } = this;
    if (added === "" && edited === this.body) return true;
    if (this.hasBody[message] !== true) return false;
    const plan = this.plans[message];
    const mayGrow = plan === "rewrite" || plan === "whole";
    if (edited.length !== this.body.length && !mayGrow) return false;
    this.bodies[message] = edited;
    const headers = this.maps[2 * message] ?? [];
    if (plan === "whole" && headers.some(([name]) => name === "content-length"))
      this.maps[2 * message] = set(headers, "content-length", String(edited.length));
    return true;
  }

  /** A reader of a queue takes what is first in it; what is for a stream comes to one that is there. */
  take(operands: readonly Operand[], message: string): void {
    const [reader, , owner] = operands;
    if (typeof reader === "number") this.takeAnswer(owner);
    else if (typeof reader !== "object" || !("model" in reader)) return;
    else if (reader.model === "grpc") this.takeGrpc(message);
    else if (reader.model === "timer of a stream") this.mustLive("a timer");
    else agree(`the message of ${reader.model}`, message, this.queues.get(reader.model)?.shift());
  }

  private takeAnswer(owner: Operand | undefined): void {
    const isOfPlugin = typeof owner === "object" && "model" in owner && owner.model === "plugin";
    if (!isOfPlugin) this.mustLive("an answer");
    else agree("what the answer for the plugin acts on", this.state.effective, PLUGIN);
  }

  private takeGrpc(told: string): void {
    const [owner, said] = splitFirst(told);
    agree("what the handler of a gRPC exchange acts on", this.state.effective, Number(owner) || PLUGIN);
    if (said === unsent) return;
    agree("what came of a gRPC exchange", said, this.grpc);
    this.grpc = null;
  }

  private mustLive(what: string): void {
    if (!this.state.streams.has(this.state.effective))
      throw new Error(`${what} came to a stream that is over`);
  }

  get body(): string {
    return this.bodies[this.message] ?? "";
  }

  addTrailer(name: string, value: string): string {
    if (!this.isEnd) return "0";
    return this.write(2 * this.message + 1, name, value, (fields) => add(fields, name, value));
  }
}

/** Throws when two things differ, with both. */
export function agree(what: string, found: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what} is ${left}, not ${right}`);
}
