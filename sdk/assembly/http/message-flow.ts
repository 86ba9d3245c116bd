import { Action, BufferType, HeadersVerdict, StreamType } from "../abi/types";
import { Body } from "./body";
import { Bytes, utf8 } from "../bytes";
import { Callback, runningCallback, settle } from "../callbacks";
import { findContext } from "../contexts";
import { actAs, actAsBefore, isOwnCallback, isRunningAs } from "../effective-context";
import { HeadersPlan } from "./headers-plan";
import { HttpFields } from "../http-fields";
import { HttpStream } from "./stream";
import { wholeNumber } from "../bytes/numbers";
import { Refused, refuse } from "../refusals";
import { continueStream, maySteer, sendLocalReply } from "../streams";

/**
 * What becomes of a message whose body is longer than the filter wants to hold.
 *
 * @category Bodies
 */
export enum OverLimit {
  /** The request is answered with 413, the response replaced by 502. */
  Refuse,
  /** The message goes on as it is, and the filter is not shown its body. */
  PassOn,
}

enum BodyPlan {
  /** Chunks are shown as they come, and keep their size. */
  Look,
  /** Chunks are shown as they come, and may change: `content-length` is gone. */
  Rewrite,
  /** Chunks are shown as they come, and may end before `content-length` says so. */
  Cut,
  /** Headers and body are held until all is there. */
  Whole,
  /** The body was too long, and passes unseen. */
  Pass,
}

/**
 * How one message of a stream, the request or the response, gets through the filter: whether it is held, and what the
 * filter wants of its body. Turns what callbacks return into what the host has to be told. What is for whole bodies is part
 * only of a module that has a callback for them.
 */
export abstract class MessageFlow extends HeadersPlan {
  private knownBody: Body | null = null;
  private plan: BodyPlan = BodyPlan.Look;
  /** How a chunk is held that the filter paused at. */
  private pause: Action = Action.Pause;
  private limit: i32 = 0;
  private overLimit: OverLimit = OverLimit.Refuse;
  private isResumeAsked: bool = false;
  private isComplete: bool = false;
  private isShown: bool = false;
  private hasBody: bool = false;
  /** The whole body is shown outside of the host's own callback for it. */
  private isShowing: bool = false;
  /** The host is in the callback for the end of the body, and takes trailers. */
  private takesTrailers: bool = false;

  constructor(
    protected readonly stream: HttpStream,
    private readonly type: StreamType,
    private readonly headersCallback: Callback,
    private readonly buffer: BufferType,
    /** The filter wants the message held until it resumes it. */
    private isPaused: bool,
  ) {
    super();
  }

  /** The body, as far as it is there. */
  get body(): Body {
    const known = this.knownBody;
    if (known !== null) return known;
    const body = new Body(this.buffer, this);
    this.knownBody = body;
    return body;
  }

  /** `request` or `response`, for messages. */
  abstract get name(): Bytes;
  /** The status of the local reply for a body beyond the limit. */
  abstract get tooLargeStatus(): i32;
  abstract get headers(): HttpFields;
  abstract get trailers(): HttpFields;

  /** The filter's callbacks. */
  abstract onBody(endOfStream: bool): Action;
  abstract onWholeBody(): Action;
  abstract onTrailers(): Action;

  /** The filter will change the body chunk by chunk. */
  planRewrite(): void {
    if (this.isHeadersCallback(utf8("to rewrite the "))) this.plan = BodyPlan.Rewrite;
  }

  /** The filter will end the body too soon. */
  planCut(): void {
    if (this.isHeadersCallback(utf8("to cut the "))) this.plan = BodyPlan.Cut;
  }

  /** The filter wants the whole body, up to `limit` bytes. */
  planWhole(limit: i32, overLimit: OverLimit): void {
    if (!this.isHeadersCallback(utf8("to buffer the "))) return;
    this.plan = BodyPlan.Whole;
    this.limit = limit;
    this.overLimit = overLimit;
  }

  /** What follows from what the filter's callback for headers returned. */
  afterHeaders(action: Action, endOfStream: bool): HeadersVerdict {
    this.hasBody = !endOfStream;
    if (this.hasBody) this.body.hold(0); // made here, where little else is kept with it
    this.pauseOr(action);
    if (isDefined(HAS_envoy_allow_on_headers_stop_iteration) && this.plan == BodyPlan.Whole)
      return this.holdHeaders();
    if (this.plan == BodyPlan.Rewrite && this.hasBody) this.headers.remove(utf8("content-length"));
    return verdict(this.isPaused);
  }

  /** Shows a piece of the body, or keeps it until all is there. */
  showBody(size: i32, endOfStream: bool): Action {
    this.body.hold(size);
    settle(); // what the filter makes of the bytes is not kept with it
    this.takesTrailers = endOfStream;
    const action =
      isDefined(HAS_envoy_allow_on_headers_stop_iteration) && this.plan >= BodyPlan.Whole
        ? this.collect(endOfStream)
        : this.showChunk(endOfStream);
    this.takesTrailers = false;
    if (action != Action.Pause) this.body.release(); // what `PauseSender` holds is not to be had either
    return action;
  }

  /** Shows the trailers, then the whole body if the filter waits for it: everything is there. */
  showTrailers(): Action {
    const wasPaused = this.isPaused && this.plan >= BodyPlan.Whole;
    const action = this.onTrailers();
    this.pauseOr(wasPaused ? Action.Pause : action); // unless it is resumed there
    this.isComplete = true;
    if (this.isPaused) return Action.Pause;
    if (this.isWaitingForAll && this.showWhole() == Action.Pause) return Action.Pause;
    this.releaseBody();
    return Action.Continue;
  }

  /** Lets a message go on that the filter paused; from any callback while the stream lives. */
  resume(): void {
    if (this.isOwnCallback) this.isResumeAsked = true;
    else if (maySteer(this.stream, this.resumeCall, this.resumeName)) this.resumePaused();
  }

  /** Whether the host may be given a body of another size; logs why not. */
  allowsAnotherSize(): bool {
    if (this.plan == BodyPlan.Rewrite || this.plan == BodyPlan.Cut) return true;
    if (this.plan == BodyPlan.Whole && this.hasBody) return true;
    const reason =
      this.plan == BodyPlan.Whole
        ? utf8("it has none, which its headers said by endOfStream")
        : utf8("its size is announced: rewrite or buffer it, which is said in the headers' callback");
    return refuse(Refused.ChangeBody, utf8("a change of the ").concat(this.bodyName), reason);
  }

  /** Keeps `content-length` true while the headers are held. */
  declareSize(size: i32): void {
    if (this.plan != BodyPlan.Whole) return;
    const headers = this.headers;
    if (headers.has(utf8("content-length"))) headers.set(utf8("content-length"), Bytes.fromInteger(size));
  }

  /** Says that the body can be changed no more. */
  refuseChange(): bool {
    return refuse(
      Refused.ChangeBody,
      utf8("a change of the ").concat(this.bodyName),
      utf8("it has gone on: change it when it is shown, or while it is held"),
    );
  }

  /** The stream's number. */
  get contextId(): u32 {
    return this.stream.contextId;
  }

  /** Whether the host knows the stream. */
  get isStreamThere(): bool {
    return findContext(this.stream.contextId) === this.stream;
  }

  /** Adds a trailer where the host takes one. */
  addTrailer(name: Bytes, value: Bytes): bool {
    if (this.takesTrailers && isRunningAs(this.stream.contextId)) return this.trailers.add(name, value);
    return refuse(
      Refused.AddTrailer,
      utf8("a trailer for the ").concat(this.name),
      utf8("this is not the end of its body: add it where endOfStream is true"),
    );
  }

  private get bodyName(): Bytes {
    return this.name.concat(utf8("'s body"));
  }

  /** Whether the message's headers have not gone on, for the filter holds them. */
  get isHeld(): bool {
    return this.isPaused || this.isWaitingForAll || this.isShowing;
  }

  private get isOwnCallback(): bool {
    if (this.isShowing) return true;
    const callback = runningCallback();
    const isMessage = callback >= this.headersCallback && callback < this.headersCallback + 3;
    return isMessage && isOwnCallback(this.stream.contextId);
  }

  private get isWaitingForAll(): bool {
    return (
      isDefined(HAS_envoy_allow_on_headers_stop_iteration) && this.plan == BodyPlan.Whole && !this.isShown
    );
  }

  /** The filter has answered meanwhile, and what is held is not that answer. */
  private get isAnsweredInstead(): bool {
    const isAnswer = this.type == StreamType.HttpResponse && this.stream.isAnswerShown;
    return this.stream.isAnswered && !isAnswer;
  }

  private get resumeCall(): Refused {
    return this.type == StreamType.HttpRequest ? Refused.ResumeRequest : Refused.ResumeResponse;
  }

  private get resumeName(): Bytes {
    return this.type == StreamType.HttpRequest ? utf8("resumeRequest") : utf8("resumeResponse");
  }

  private isHeadersCallback(what: Bytes): bool {
    if (runningCallback() == this.headersCallback && isOwnCallback(this.stream.contextId)) return true;
    return refuse(
      Refused.ChangeBody,
      what.concat(this.bodyName),
      utf8("its headers may be gone: say so in the headers' callback"),
    );
  }

  private releaseBody(): void {
    const body = this.knownBody;
    if (body !== null) body.release();
  }

  private pauseOr(action: Action): void {
    this.isPaused = action != Action.Continue && !this.isResumeAsked;
    this.pause = action;
    this.isResumeAsked = false;
  }

  private holdHeaders(): HeadersVerdict {
    if (!this.hasBody) {
      this.isComplete = true;
      return verdict(this.isPaused || this.showWhole() == Action.Pause);
    }
    if (this.announcedSize() <= this.limit) return HeadersVerdict.HoldHeaders;
    return verdict(this.refuseSize() == Action.Pause);
  }

  private announcedSize(): i64 {
    const length = this.headers.get(utf8("content-length"));
    return length === null ? 0 : wholeNumber(length);
  }

  private showChunk(endOfStream: bool): Action {
    this.pauseOr(this.onBody(endOfStream));
    return this.isPaused ? this.pause : Action.Continue;
  }

  private collect(endOfStream: bool): Action {
    if (this.isWaitingForAll && this.body.size > this.limit) return this.refuseSize();
    this.isComplete = endOfStream;
    if (this.isPaused) return Action.Pause;
    if (!this.isWaitingForAll) return Action.Continue;
    return endOfStream ? this.showWhole() : Action.Pause;
  }

  private refuseSize(): Action {
    if (this.overLimit == OverLimit.Refuse && !this.stream.isAnswered)
      return sendLocalReply(
        this.stream,
        this.tooLargeStatus,
        this.name.concat(utf8("_body_too_large")),
        null,
      );
    this.plan = BodyPlan.Pass;
    return this.isPaused ? Action.Pause : Action.Continue;
  }

  private showWhole(): Action {
    this.isShown = true;
    this.pauseOr(this.onWholeBody());
    return this.isPaused ? Action.Pause : Action.Continue;
  }

  private resumePaused(): void {
    if (!this.isPaused) {
      refuse(this.resumeCall, this.resumeName, utf8("the ").concat(this.name).concat(utf8(" is not paused")));
      return;
    }
    this.isPaused = false;
    if (this.isWaitingForAll && !this.isComplete) return;
    const before = actAs(this.stream.contextId);
    const goesOn = !this.isWaitingForAll || this.showWholeLater() == Action.Continue;
    if (goesOn && !this.isAnsweredInstead) {
      this.releaseBody();
      continueStream(this.stream, this.type);
    }
    actAsBefore(before);
  }

  private showWholeLater(): Action {
    this.isShowing = true;
    const action = this.showWhole();
    this.isShowing = false;
    return action;
  }
}

function verdict(isPaused: bool): HeadersVerdict {
  return isPaused ? HeadersVerdict.HoldAll : HeadersVerdict.Continue;
}
