import {
  Action,
  Body,
  HttpFilter,
  httpFilter,
  RequestHeaders,
  ResponseHeaders,
  ResponseTrailers,
  Timer,
} from "as-proxy-wasm";
import { FaultConfiguration } from "./config";
import { Faults, Reset, UNCUT } from "./faults/faults";
import { HeldRequest } from "./held-request";
import { FaultPlugin } from "./plugin";
import { Cut } from "./responses/cut";
import { Pace } from "./responses/pace";
import { abortsInjected, delaysInjected, resetsInjected, responsesPaced } from "./stats";

/** Does to some requests what a network or a failing service would do to them. */
@httpFilter("fault-injection")
export class FaultInjection extends HttpFilter<FaultConfiguration, FaultPlugin> {
  private faults: Faults | null = null;
  private held: HeldRequest | null = null;
  private cut: Cut | null = null;
  private pace: Pace | null = null;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const faults = this.plugin.begin(headers);
    if (faults === null) return Action.Continue;
    this.faults = faults;
    const delay = faults.delay;
    const delayMs = delay === null ? 0 : delay.draw(this.plugin.random);
    if (delayMs == 0) return this.endRequest(faults);
    delaysInjected.increment();
    const held = new HeldRequest(this, faults);
    this.held = held;
    this.after(delayMs, held);
    return Action.Pause;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    const faults = this.faults;
    if (faults === null) return Action.Continue;
    if (faults.reset == Reset.ResponseHeaders) return this.reset();
    if (endOfStream) return Action.Continue;
    if (faults.bodyBytes != UNCUT) {
      this.cut = new Cut(this, faults.bodyBytes);
      this.cutResponseBody();
    }
    if (faults.bytesPerSecond > 0) {
      responsesPaced.increment();
      this.pace = new Pace(this, faults.bytesPerSecond);
    }
    return Action.Continue;
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    const faults = this.faults;
    if (faults !== null && faults.reset == Reset.ResponseBody) return this.reset();
    const cut = this.cut;
    if (cut !== null) return cut.shorten(body, endOfStream);
    const pace = this.pace;
    return pace === null ? Action.Continue : pace.hold(body.size);
  }

  onResponseTrailers(trailers: ResponseTrailers): Action {
    return isSet(this.pace) || isSet(this.cut) ? Action.Pause : Action.Continue;
  }

  onDone(): void {
    cancel(this.held);
    cancel(this.cut);
    cancel(this.pace);
    if (this.faults !== null) this.plugin.end();
  }

  /** What becomes of the request once it has been held for long enough. */
  endRequest(faults: Faults): Action {
    const abort = faults.abort;
    if (abort !== null) {
      abortsInjected.increment();
      return this.respond(abort.httpStatus, faults.reason, abort.replyOptions());
    }
    return faults.reset == Reset.Request ? this.reset() : Action.Continue;
  }

  private reset(): Action {
    resetsInjected.increment();
    return this.close();
  }
}

function isSet(timer: Timer | null): bool {
  return timer !== null && timer.isSet;
}

function cancel(timer: Timer | null): void {
  if (timer !== null) timer.cancel();
}
