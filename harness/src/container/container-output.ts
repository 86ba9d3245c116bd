import { once } from "node:events";
import { createInterface } from "node:readline";
import { finished, PassThrough, type Readable } from "node:stream";
import type { ContainerRuntimeClient } from "testcontainers";
import type { Plugin } from "../backend.ts";
import { EnvoyLog } from "../envoy/envoy-log.ts";

/** A container of the engine, whether it runs or not. */
export type Container = ReturnType<ContainerRuntimeClient["container"]["getById"]>;

/** Told of each line that Envoy writes to stdout, which is where access logs go. */
export type OutputConsumer = (line: string) => void;

/** What the Envoy of one container says, from its first line on. */
export class ContainerOutput {
  readonly log: EnvoyLog;
  /** The exit code once Envoy has ended and all that it said has been read; null until then. */
  exitCode: number | null = null;
  /** Resolves when `exitCode` is known, with null when the engine does not say. */
  readonly exited: Promise<number | null>;
  private readonly toOutput: OutputConsumer;
  private readonly ending = Promise.withResolvers<number | null>();
  private readonly abort = new AbortController();

  constructor(plugins: readonly Plugin[], toOutput: OutputConsumer = () => undefined) {
    this.log = new EnvoyLog(plugins);
    this.toOutput = toOutput;
    this.exited = this.ending.promise;
  }

  /** Begins to read; called before the container starts, or nothing says that it has ended. */
  async follow(container: Container): Promise<void> {
    const { signal: abortSignal } = this.abort;
    const code = exitOf(container.wait({ condition: "next-exit", abortSignal }));
    const stream = await container.attach({ stream: true, stdout: true, stderr: true, abortSignal });
    this.endsWith(code, this.read(stream as unknown as Readable, container));
  }

  /** As `follow`, for a container that has been running for a while. */
  async catchUp(container: Container): Promise<void> {
    const { signal: abortSignal } = this.abort;
    const code = exitOf(container.wait({ abortSignal }));
    const stream = await container.logs({ follow: true, stdout: true, stderr: true, abortSignal });
    this.endsWith(code, this.read(stream as unknown as Readable, container));
  }

  /** Stops to read. */
  close(): void {
    this.abort.abort();
  }

  private endsWith(code: Promise<number | null>, said: Promise<void>): void {
    void Promise.all([code, said]).then(([exitCode]) => {
      this.exitCode = exitCode;
      this.ending.resolve(exitCode);
    });
  }

  /** Resolves when both streams have ended. */
  private async read(stream: Readable, container: Container): Promise<void> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const lines = (from: Readable, to: OutputConsumer): Promise<unknown> =>
      once(createInterface({ input: from }).on("line", to), "close");
    const ends = [lines(stdout, this.toOutput), lines(stderr, (line) => this.log.add(line))];
    (container.modem as Demultiplexer).demuxStream(stream, stdout, stderr);
    finished(stream, { writable: false }, () => {
      stdout.end();
      stderr.end();
    });
    await Promise.all(ends);
  }
}

/** Null when the engine is gone, or nobody listens any more. */
function exitOf(ended: Promise<{ StatusCode: number }>): Promise<number | null> {
  return ended.then(
    ({ StatusCode }) => StatusCode,
    () => null,
  );
}

interface Demultiplexer {
  demuxStream(from: Readable, stdout: PassThrough, stderr: PassThrough): void;
}
