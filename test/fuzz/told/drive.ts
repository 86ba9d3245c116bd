import { remove } from "../host/fields.ts";
import { LightHost, PLUGIN } from "../host/light-host.ts";
import { operationsByName } from "./operations.ts";
import { type GrpcEvent, refuseLeftovers, tellGrpc } from "./grpc.ts";
import { brokenOff } from "./grpc-ends.ts";
import { Scribe } from "./steps.ts";
import type { Act, Event, Message, Session, Stream } from "./session.ts";
import { agree, World } from "./world.ts";

const CONTINUE = 0;
const HOLD_HEADERS = 1;
const firstStream = 2;
const stranger = 9_999;
/** Some streams have numbers between which there are others. */
const streamsApart = 64;
const nanosPerMs = 1_000_000n;

/** Takes a guest through a session. */
export class Drive {
  private readonly scribe = new Scribe();
  private readonly world: World;
  private readonly host: LightHost;
  /** Whether the model knows what must come of all steps. */
  private readonly isModelled: boolean;
  private events: Event[] = [];
  private lastToken = 0;
  /** How much the guest had asked for before what comes between callbacks came. */
  private askedBefore = 0;

  constructor(host: LightHost, isModelled: boolean) {
    this.host = host;
    this.isModelled = isModelled;
    this.world = new World(host.state);
    host.state.onBreak = () => {
      this.world.grpc = brokenOff;
    };
    host.state.onReport = (report) => this.hear(report);
  }

  /** Throws when the guest does anything other than the model, or anything that no guest may. */
  run(session: Session): void {
    const { state } = this.host;
    for (const [name, value] of session.properties) state.properties.set(name, value);
    Object.assign(state, {
      foreign: session.foreign,
      logLevel: session.logLevel,
      rawPairs: session.rawPairs,
    });
    this.world.admitRivals(session.rivals);
    state.properties.set("script", this.scribe.script(session.onConfigured));
    agree("the verdict on a plugin that there is not", this.host.call("proxy_on_configure", stranger, 0), 0);
    this.world.look();
    if (!this.host.configure(session.configuration)) return;
    this.settle();
    for (const [i, stream] of session.streams.entries()) this.stream(firstStream + i, stream);
    this.host.call("proxy_on_delete", PLUGIN);
  }

  private stream(context: number, { request, response, onLog, onDone, events, others }: Stream): void {
    const { state } = this.host;
    this.events = [...events];
    this.world.beginStream();
    for (let i = others; i >= 0; i--) this.host.openStream(context + i * streamsApart);
    this.message(context, 0, request);
    this.message(context, 1, response);
    this.act("proxy_on_log", context, onLog, 0);
    this.act("proxy_on_done", context, onDone, 0);
    state.streams.delete(context);
    for (let i = 0; i <= others; i++) this.host.call("proxy_on_delete", context + i * streamsApart);
    if (this.isModelled) refuseLeftovers(state.exchanges, context);
    while (this.events.length > 0) this.event();
  }

  private message(context: number, message: number, told: Message): void {
    const { state } = this.host;
    const kind = message === 0 ? "request" : "response";
    const [bodyEnds, isBare] = [told.trailers === null, told.chunks.length === 0 && told.trailers === null];
    state.maps[2 * message] = [...told.headers];
    state.buffers[message] = "";
    this.tell(`whole ${kind}`, told.onWhole, message);
    this.world.hasBody[message] = !isBare;
    const verdict = this.act(`proxy_on_${kind}_headers`, context, told.onHeaders, message, 0, Number(isBare));
    if (!this.mayGoOn(context, message, verdict <= HOLD_HEADERS)) return;
    if (told.onMetadata !== null) this.act(`proxy_on_${kind}_metadata`, context, told.onMetadata, message, 2);
    if (state.answered.has(context)) return;
    for (const [i, chunk] of told.chunks.entries()) {
      const isEnd = bodyEnds && i === told.chunks.length - 1;
      const body = (state.buffers[message] += chunk);
      this.world.isEnd = isEnd;
      const act = told.onBody[i % told.onBody.length] ?? told.onWhole;
      const action = this.act(`proxy_on_${kind}_body`, context, act, message, body.length, Number(isEnd));
      this.mayGoOn(context, message, action === CONTINUE);
      if (action === CONTINUE || this.hasContinued(message)) state.buffers[message] = "";
      if (state.answered.has(context)) return;
    }
    if (told.trailers === null) return;
    state.maps[2 * message + 1] = [...told.trailers];
    const action = this.act(`proxy_on_${kind}_trailers`, context, told.onTrailers, message, 0);
    this.mayGoOn(context, message, action === CONTINUE);
  }

  /** Whether a message goes on, which a filter may decide later. */
  private mayGoOn(context: number, message: number, goesOn: boolean): boolean {
    const { asked, answered } = this.host.state;
    this.askedBefore = asked.length;
    const patience = goesOn ? 1 : 3;
    for (let i = 0; i < patience && this.events.length > 0; i++) this.event();
    return !answered.has(context) && (goesOn || this.hasContinued(message));
  }

  private hasContinued(message: number): boolean {
    return this.host.state.asked.includes(`continue ${message}`, this.askedBefore);
  }

  private act(
    callback: string,
    context: number,
    told: Act,
    message: number,
    ...parameters: number[]
  ): number {
    this.tell("script", told, message);
    this.world.look();
    const result = this.host.call(callback, context, ...parameters);
    this.world.isEnd = false;
    if (callback.endsWith("_headers")) this.afterHeaders(message);
    this.settle();
    return result;
  }

  /** A filter that rewrites the body chunk by chunk gives up the announcement of its size. */
  private afterHeaders(message: number): void {
    const { plans, hasBody, maps } = this.world;
    if (plans[message] === "rewrite" && hasBody[message] === true)
      maps[2 * message] = remove(maps[2 * message] ?? [], "content-length");
  }

  private event(): void {
    const event = this.events.shift();
    this.world.look();
    if (event?.kind === "answer") this.answer(event);
    else if (event?.kind === "tick") this.tick(event.by);
    else if (event?.kind === "message") this.host.call("proxy_on_queue_ready", PLUGIN, event.by);
    else if (event?.kind === "grpc") this.grpc(event);
    else if (event?.kind === "allocate") this.host.call("malloc", event.length);
    else if (event?.kind === "stranger") this.host.call(event.callback, event.context, event.parent, 0, 0, 0);
    this.settle();
  }

  private answer({ headers, body, trailers }: Extract<Event, { kind: "answer" }>): void {
    const { state } = this.host;
    const token = state.callouts.find((each) => each.token > this.lastToken)?.token ?? 0;
    this.lastToken = Math.max(token, this.lastToken);
    state.maps[6] = [...headers];
    state.maps[7] = [...trailers];
    state.buffers[4] = body;
    this.host.call(
      "proxy_on_http_call_response",
      PLUGIN,
      token,
      headers.length,
      body.length,
      trailers.length,
    );
    state.maps[6] = state.maps[7] = [];
    state.buffers[4] = "";
  }

  private grpc(event: GrpcEvent): void {
    tellGrpc(this.host, this.world, event);
    if (this.isModelled) agree("what nobody was told", this.world.grpc, null);
    this.world.grpc = null;
  }

  private tick(periods: number): void {
    const { state } = this.host;
    state.nowNanos += BigInt(periods) * BigInt(state.tickMs) * nanosPerMs;
    this.host.call("proxy_on_tick", PLUGIN);
  }

  private tell(name: string, { isToPause, steps }: Act, message: number): void {
    const script = this.scribe.script(steps, message);
    this.host.state.properties.set(name, String.fromCharCode(Number(isToPause)) + script);
  }

  private hear(report: string): void {
    if (!this.isModelled) return;
    const { step, message, said } = this.scribe.read(report);
    const operation = operationsByName.get(step.op);
    this.world.message = message;
    if (operation === undefined) return this.world.take(step.operands, said);
    const expected = operation.expects(this.world, said, step.operands);
    if (expected !== null) agree(`the report of ${step.op}`, said, expected);
  }

  private settle(): void {
    if (this.isModelled) this.world.compare();
  }
}
