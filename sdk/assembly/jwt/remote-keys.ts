import { decimal } from "../bytes/decimal";
import { monotonicTimeNanos } from "../clocks";
import { HttpCall } from "../http-calls";
import { HttpCallRequest } from "../http-calls/request";
import { HttpCallOutcome, HttpCallResult } from "../http-calls/result";
import { log } from "../logging";
import { BasicPlugin } from "../plugin/basic-plugin";
import { Timer } from "../timers";
import { JsonWebKeys } from "./json-web-keys";
import { Jwt } from "./jwt";
import { JwtVerdict } from "./verdict";
import { JwtVerifier } from "./verifier";

/** Answers with more bytes are refused. */
const MOST_BYTES = 65_536;

const NANOS_PER_MS: u64 = 1_000_000;

/**
 * Keys that a service has (JWKS over HTTP), fetched when the plugin is configured, again and again, and when a token
 * names a key that is not among them. The keys last fetched are used until others are there: an answer that is not
 * 200, has more than 64 KiB or no key that can be used changes nothing. Each VM fetches for itself. Extend it, and say in
 * `onRefreshed` what is to follow. Source: RFC 7517.
 *
 * @category JSON Web Tokens
 */
export abstract class RemoteKeys {
  /** How old keys become before they are fetched again, in milliseconds. */
  refreshMs: u32 = 300_000;
  /** How long it takes at least from one attempt to the next, in milliseconds: after a failure, or for an unknown key. */
  coolDownMs: u32 = 10_000;
  private fetchedKeys: JsonWebKeys | null = null;
  private failureCount: u32 = 0;
  private triedAtNanos: u64 = 0;
  private hasFailed: bool = false;
  private readonly fetch: KeyFetch = new KeyFetch();
  private readonly timer: KeyTimer = new KeyTimer();

  constructor(
    private readonly plugin: BasicPlugin,
    /** What is asked: cluster, path, authority and timeout. */
    private readonly request: HttpCallRequest,
  ) {
    this.fetch.keys = this;
    this.timer.keys = this;
  }

  /** Fetches the keys, and from then on whenever they are due. Valid in `onConfigured` and later. */
  start(): void {
    this.refresh();
  }

  /** The keys last fetched; null until there are any. */
  get keys(): JsonWebKeys | null {
    return this.fetchedKeys;
  }

  /** How many attempts have failed so far. */
  get failures(): u32 {
    return this.failureCount;
  }

  /**
   * What a token is worth by these keys: `KeysNotReady` until there are any. A token whose key is unknown lets the keys
   * be fetched anew, once a cool-down, and is refused all the same. Valid in every callback of the plugin and its
   * streams.
   */
  verify(verifier: JwtVerifier, token: Jwt | null): JwtVerdict {
    const verdict = verifier.verify(token, this.fetchedKeys);
    if (verdict == JwtVerdict.UnknownKey && this.isCool) this.refresh();
    return verdict;
  }

  /**
   * An attempt is over: there are fresh keys, or those that there were stay in use. To be counted, and to go on with
   * requests that wait for keys. Runs in the plugin, as a timer of the plugin does.
   */
  abstract onRefreshed(areFresh: bool): void;

  /** For the SDK: asks, unless an answer is awaited. @internal */
  refresh(): void {
    if (this.fetch.isWaiting) return;
    this.triedAtNanos = monotonicTimeNanos();
    this.plugin.call(this.request, this.fetch);
  }

  /** For the SDK: the service has answered, or has not. @internal */
  take(result: HttpCallResult): void {
    const problem = this.read(result);
    this.plugin.after(problem === null ? this.refreshMs : this.coolDownMs, this.timer);
    if (problem !== null) this.fail(problem);
    else this.hasFailed = false;
    this.onRefreshed(problem === null);
  }

  private get isCool(): bool {
    return monotonicTimeNanos() - this.triedAtNanos >= <u64>this.coolDownMs * NANOS_PER_MS;
  }

  /** Takes over the keys of an answer; what is wrong with it, null when it is sound. */
  private read(result: HttpCallResult): string | null {
    if (!result.isAnswered) return describe(result.outcome);
    if (result.status != 200) return "the answer's status is " + decimal(result.status);
    if (result.bodySize > MOST_BYTES) return "the answer has more than 64 KiB";
    const keys = JsonWebKeys.parse(result.readBody());
    if (keys.keys.length == 0) return keys.skipped.length == 0 ? "the set of keys is empty" : keys.skipped[0];
    this.fetchedKeys = keys;
    return null;
  }

  /** Logs the first of several failures in a row. */
  private fail(problem: string): void {
    this.failureCount++;
    if (!this.hasFailed)
      log.error("no keys were fetched from " + this.request.cluster.toString() + ": " + problem);
    this.hasFailed = true;
  }
}

class KeyFetch extends HttpCall {
  keys: RemoteKeys | null = null;

  onResult(result: HttpCallResult): void {
    const keys = this.keys;
    if (keys !== null) keys.take(result);
  }
}

class KeyTimer extends Timer {
  keys: RemoteKeys | null = null;

  onTime(): void {
    const keys = this.keys;
    if (keys !== null) keys.refresh();
  }
}

function describe(outcome: HttpCallOutcome): string {
  if (outcome == HttpCallOutcome.TimedOut) return "the answer did not come in time";
  if (outcome == HttpCallOutcome.Refused) return "nobody took the request";
  return outcome == HttpCallOutcome.Reset ? "the answer broke off" : "the request could not be sent";
}
