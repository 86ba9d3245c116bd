import {
  Action,
  Body,
  Configuration,
  HttpFilter,
  httpFilter,
  JsonObject,
  log,
  ReplyOptions,
  RequestHeaders,
  ResponseHeaders,
  Timer,
  utf8,
} from "as-proxy-wasm";

enum Then {
  Respond,
  Close,
  RespondToBody,
  Buffer,
  Pause,
  PauseBody,
}

const THEN = ["respond", "close", "respond_to_body", "buffer", "pause", "pause_body"];

/** `{ "then" }`: what the filter does with its own answer when it is shown it. */
class AnswerConfiguration extends Configuration {
  then: Then = Then.Respond;

  read(json: JsonObject): void {
    this.then = <Then>json.oneOf("then", THEN);
  }
}

/** Answers each request itself, and does something with that answer. */
@httpFilter("answers-early")
export class AnswersEarly extends HttpFilter<AnswerConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const options = new ReplyOptions();
    options.body = utf8("the filter's own");
    return this.respond(403, "early", options);
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    const then = this.config.then;
    if (then == Then.Respond) return this.respond(502, "again");
    if (then == Then.Close) return this.close();
    if (then == Then.Buffer) this.bufferResponseBody(3);
    return then == Then.Pause ? this.pause() : Action.Continue;
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    if (this.config.then == Then.RespondToBody) return this.respond(502, "again");
    return this.config.then == Then.PauseBody ? this.pause() : Action.Continue;
  }

  onWholeResponseBody(body: Body): Action {
    log.info("whole: " + body.read().toString());
    return Action.Continue;
  }

  private pause(): Action {
    this.after(5, new Resume(this));
    return Action.Pause;
  }
}

class Resume extends Timer {
  constructor(private readonly filter: AnswersEarly) {
    super();
  }

  onTime(): void {
    this.filter.resumeResponse();
  }
}
