import http from "node:http";
import { performance } from "node:perf_hooks";
import { DELAY } from "./mechanisms.ts";

/** A client with connections that it keeps. */
export class TimedRequests implements Disposable {
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 200 });

  /** How many milliseconds a request takes that is to be held for `delayMs`. */
  take(port: number, delayMs: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const began = performance.now();
    const headers = { [DELAY]: String(delayMs) };
    http
      .get({ agent: this.agent, host: "127.0.0.1", port, headers }, (response) => {
        response.resume().once("end", () => resolve(performance.now() - began));
      })
      .once("error", reject);
    return promise;
  }

  [Symbol.dispose](): void {
    this.agent.destroy();
  }
}
