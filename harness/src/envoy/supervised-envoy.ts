import { HarnessError } from "../errors.ts";
import type { WasmModule } from "../module/load.ts";
import type { Snapshot } from "../xds/snapshot.ts";
import type { Update } from "../xds/update.ts";
import { AccessLog } from "./access-log.ts";
import type { EnvoyLog } from "./envoy-log.ts";

/** A bound on waiting: `what` is asked when it is reached, and says what was waited for and how far it got. */
export interface Bound {
  readonly ms: number;
  readonly what: () => string;
  /** What it means when Envoy ends meanwhile; without it that is `envoy_exited`. */
  readonly gone?: (exitCode: number) => HarnessError;
}

/** Where something listens, as this process reaches it. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** Connections pass a forwarder, and have other ports at the other end. */
  readonly isForwarded?: boolean;
}

/** An Envoy that was started here, in whatever it runs, and that does not outlive this object. */
export abstract class SupervisedEnvoy implements AsyncDisposable {
  abstract readonly log: EnvoyLog;
  readonly accessLog: AccessLog;
  /** The exit code, 128 and the signal's number when a signal ended Envoy; everything it said has been read by then. */
  abstract readonly exited: Promise<number>;
  /** It has not ended yet. */
  abstract readonly isRunning: boolean;

  constructor(accessLog = new AccessLog()) {
    this.accessLog = accessLog;
  }

  /** What it says can be read here at once: before anything that it sends afterwards over a connection. */
  abstract readonly isHeardAtOnce: boolean;

  /** Where the admin interface is, `127.0.0.1:41875`; known as soon as Envoy serves. */
  abstract adminAddress(): Promise<string>;

  /** Where a port is reached on which one of Envoy's listeners was bound. */
  abstract addressOf(port: number): Address;

  /** The address by which Envoy reaches its own listeners. */
  abstract readonly ownHost: string;

  /** Brings files to where Envoy reads them by the same paths. */
  abstract bring(modules: readonly WasmModule[]): Promise<void>;

  /** What was built for loopback, as it has to be where Envoy runs; `served` is what Envoy has until then. */
  abstract moved(update: Update, served: Snapshot): Update;

  /** Resolves when Envoy and its ports are gone. */
  abstract [Symbol.asyncDispose](): Promise<void>;

  /** Waits until Envoy, which was asked to, has ended. Refused with `timeout`, and with `envoy_exited` when it crashed. */
  async ends(ms: number): Promise<void> {
    const late = Promise.withResolvers<never>();
    const what = (): string => "Envoy did not end when it was asked to";
    const timer = setTimeout(() => late.reject(this.tooLate({ ms, what })), ms);
    try {
      const code = await Promise.race([this.exited, late.promise]);
      if (code !== 0) throw this.ended(code);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits for something. Refused with `timeout` at the bound, and with `envoy_exited` as soon as Envoy is gone. */
  async within<T>(work: Promise<T>, bound: Bound): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(this.tooLate(bound)), bound.ms);
    const gone = this.exited.then((code) => {
      throw bound.gone?.(code) ?? this.ended(code);
    });
    const answer = work.catch((error: unknown) => {
      if (!isBrokenConnection(error)) throw error;
      return gone; // a connection breaks a moment before the exit is known
    });
    try {
      return await Promise.race([answer, late.promise, gone]);
    } finally {
      clearTimeout(timer);
    }
  }

  private tooLate({ ms, what }: Bound): HarnessError {
    return new HarnessError("timeout", `${what()}, and was given ${ms} ms\n${lastLines(this.log)}`);
  }

  private ended(code: number): HarnessError {
    return new HarnessError(
      "envoy_exited",
      `Envoy ended by itself with ${exitText(code)}\n${lastLines(this.log)}`,
    );
  }
}

/** Envoy's last log lines, for the second part of a message. */
export function lastLines(log: EnvoyLog): string {
  if (log.tail.length === 0) return "Envoy has logged nothing.";
  return ["Envoy's last log lines:", ...log.tail.map((line) => `    ${line}`)].join("\n");
}

/** A container's address is gone with it, and then nobody is there to refuse. */
const brokenConnection: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "EPIPE",
]);

function isBrokenConnection(error: unknown): boolean {
  return error instanceof Error && "code" in error && brokenConnection.has(error.code);
}

const signals: Readonly<Record<number, string>> = {
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
};

/** `exit code 139 (SIGSEGV)` */
export function exitText(code: number): string {
  const signal = signals[code - 128];
  return `exit code ${code}${signal === undefined ? "" : ` (${signal})`}`;
}
