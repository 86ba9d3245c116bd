import {
  Action,
  Body,
  Bytes,
  HttpFilter,
  httpFilter,
  NoConfiguration,
  RequestHeaders,
  RequestTrailers,
  ResponseHeaders,
  ResponseTrailers,
  utf8,
} from "as-proxy-wasm";
import { scriptOf, ToldPlugin } from "./plugin";
import { run } from "./run";
import { Script } from "./script";
import { ToldCall } from "./stream-ops";

/** Does in each callback what the properties `script`, `whole request` and `whole response` tell it, and reports at info what came of it. */
@httpFilter("told")
export class Told extends HttpFilter<NoConfiguration, ToldPlugin> {
  lastCall: ToldCall | null = null;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    return this.act(null, utf8("script"));
  }

  onRequestBody(body: Body, endOfStream: bool): Action {
    return this.act(body, utf8("script"));
  }

  onWholeRequestBody(body: Body): Action {
    return this.act(body, utf8("whole request"));
  }

  onRequestTrailers(trailers: RequestTrailers): Action {
    return this.act(null, utf8("script"));
  }

  onRequestMetadata(count: i32): void {
    this.act(null, utf8("script"));
  }

  onResponseMetadata(count: i32): void {
    this.act(null, utf8("script"));
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    return this.act(null, utf8("script"));
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    return this.act(body, utf8("script"));
  }

  onWholeResponseBody(body: Body): Action {
    return this.act(body, utf8("whole response"));
  }

  onResponseTrailers(trailers: ResponseTrailers): Action {
    return this.act(null, utf8("script"));
  }

  onLog(): void {
    this.act(null, utf8("script"));
  }

  onDone(): void {
    this.act(null, utf8("script"));
  }

  run(script: Script, body: Body | null): void {
    run(script, this, this.plugin, body);
  }

  /** A script begins with whether the callback is to pause. */
  private act(body: Body | null, name: Bytes): Action {
    const script = scriptOf(name);
    const isToPause = script.flag();
    this.plugin.lastStream = this;
    this.run(script, body);
    return isToPause ? Action.Pause : Action.Continue;
  }
}
