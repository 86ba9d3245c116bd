import {
  Action,
  GrpcCall,
  GrpcResult,
  HttpFilter,
  httpFilter,
  ReplyOptions,
  RequestHeaders,
  ResponseHeaders,
  utf8,
} from "as-proxy-wasm";
import { Admission } from "./admission/admission";
import { Finding } from "./admission/finding";
import { addRateLimit, addRetryAfter, addXRateLimit, Field } from "./answers/fields";
import { reasonOf } from "./answers/reason";
import { RateLimitConfiguration, Told } from "./config";
import { RateLimitPlugin } from "./plugin";
import { RouteSettings } from "./rules/route-settings";
import { Inquiry } from "./service/inquiry";
import { RateLimitResponse } from "./service/rate-limit-response";

const GRPC_RESOURCE_EXHAUSTED = 8;

/** What a stream has before its request; nobody changes it. */
const undecided = new Admission();

/** Admits so many requests in a time for each key, over all workers of the proxy, and answers the others with 429. */
@httpFilter("rate-limit")
export class RateLimit extends HttpFilter<RateLimitConfiguration, RateLimitPlugin> {
  private admission: Admission = undecided;
  /** What a service is being asked; null when none is. */
  private asked: Asked | null = null;
  /** What the response is to carry. */
  private fields: Field[] = [];

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.admission = this.plugin.admit(headers, this.routeConfig<RouteSettings>());
    return this.decide();
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    for (let i = 0; i < this.fields.length; i++) headers.add(this.fields[i].name, this.fields[i].value);
    return Action.Continue;
  }

  onDone(): void {
    const asked = this.asked;
    if (asked !== null) asked.inquiry.abandon();
  }

  /** A service has answered, or it is clear that it will not. */
  hear(inquiry: Inquiry, result: GrpcResult): void {
    this.asked = null;
    inquiry.answer(result, this.plugin.refusedKeys);
    const response = inquiry.response;
    if (response !== null) this.carry(inquiry, response);
    if (this.decide() == Action.Continue) this.resumeRequest();
  }

  /** Decides as far as it can be decided: the request goes on, is answered, or waits for a service. */
  private decide(): Action {
    const admission = this.admission;
    const inquiry = admission.next(this.config.draws, this.plugin.refusedKeys);
    if (inquiry !== null) return this.ask(inquiry);
    const refusedFor = admission.refusedFor;
    if (refusedFor !== null) return this.refuse(refusedFor);
    this.tell(this.fields, Told.Always);
    return Action.Continue;
  }

  private ask(inquiry: Inquiry): Action {
    const asked = new Asked(this, inquiry);
    this.asked = asked;
    this.callGrpc(inquiry.call(), asked);
    return Action.Pause;
  }

  /** Adds the headers that the service wants on the request, if that goes on, and on the response in any case. */
  private carry(inquiry: Inquiry, response: RateLimitResponse): void {
    if (inquiry.rule.policy.isShadow) return;
    for (let i = 0; i < response.responseHeaders.length; i++) this.fields.push(response.responseHeaders[i]);
    const headers = response.requestHeaders;
    for (let i = 0; i < headers.length; i++) this.requestHeaders.add(headers[i].name, headers[i].value);
  }

  private refuse(finding: Finding): Action {
    const reply = new ReplyOptions();
    const fields = this.fields;
    this.fields = [];
    addRetryAfter(fields, finding);
    this.tell(fields, Told.Refused);
    for (let i = 0; i < fields.length; i++) reply.addHeader(fields[i].name, fields[i].value);
    reply.grpcStatus = GRPC_RESOURCE_EXHAUSTED;
    reply.body = finding.body;
    return this.respond(429, reasonOf(finding.room), reply);
  }

  /** Adds the headers that stand on all answers, and those that stand on this kind. */
  private tell(fields: Field[], told: Told): void {
    const config = this.config;
    const findings = this.admission.findings;
    if (config.rateLimit == Told.Always || config.rateLimit == told) addRateLimit(fields, findings);
    if (config.xRateLimit == Told.Always || config.xRateLimit == told) addXRateLimit(fields, findings);
  }
}

/** A call to a service. */
class Asked extends GrpcCall {
  constructor(
    private readonly filter: RateLimit,
    readonly inquiry: Inquiry,
  ) {
    super();
  }

  onResult(result: GrpcResult): void {
    this.filter.hear(this.inquiry, result);
  }
}
