import {
  Action,
  HttpFilter,
  httpFilter,
  ReplyOptions,
  RequestHeaders,
  ResponseHeaders,
  utf8,
} from "as-proxy-wasm";
import { Admission } from "./admission/admission";
import { Claim } from "./admission/claim";
import { addRateLimit, addRetryAfter, addXRateLimit, Field } from "./answers/fields";
import { reasonOf } from "./answers/reason";
import { RateLimitConfiguration, Told } from "./config";
import { RateLimitPlugin } from "./plugin";
import { RouteSettings } from "./rules/route-settings";

const GRPC_RESOURCE_EXHAUSTED = 8;

/** Admits so many requests in a time for each key, over all workers of the proxy, and answers the others with 429. */
@httpFilter("rate-limit")
export class RateLimit extends HttpFilter<RateLimitConfiguration, RateLimitPlugin> {
  /** What the response is to carry. */
  private fields: Field[] = [];

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const admission = this.plugin.admit(headers, this.routeConfig<RouteSettings>());
    const refusedFor = admission.refusedFor;
    if (refusedFor !== null) return this.refuse(admission, refusedFor);
    this.tell(this.fields, admission, Told.Always);
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    for (let i = 0; i < this.fields.length; i++) headers.add(this.fields[i].name, this.fields[i].value);
    return Action.Continue;
  }

  private refuse(admission: Admission, claim: Claim): Action {
    const reply = new ReplyOptions();
    const fields: Field[] = [];
    addRetryAfter(fields, claim);
    this.tell(fields, admission, Told.Refused);
    for (let i = 0; i < fields.length; i++) reply.addHeader(fields[i].name, fields[i].value);
    reply.grpcStatus = GRPC_RESOURCE_EXHAUSTED;
    reply.body = utf8("rate limit exceeded");
    return this.respond(429, reasonOf(claim.room), reply);
  }

  /** Adds the headers that stand on all answers, and those that stand on this kind. */
  private tell(fields: Field[], admission: Admission, told: Told): void {
    const config = this.config;
    if (config.rateLimit == Told.Always || config.rateLimit == told) addRateLimit(fields, admission.claims);
    if (config.xRateLimit == Told.Always || config.xRateLimit == told)
      addXRateLimit(fields, admission.claims);
  }
}
