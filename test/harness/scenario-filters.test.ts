import { createSign, generateKeyPairSync } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { durationFromMs, type Any } from "@bufbuild/protobuf/wkt";
import { GrpcUpstream, Upstream } from "proxy-wasm-harness";
import {
  any,
  cluster,
  listener,
  route,
  type Cluster,
  type Fields,
  type ScenarioRequest,
} from "proxy-wasm-harness/scenario";
import { ApiVersion } from "proxy-wasm-harness/api/envoy/config/core/v3/config_source";
import {
  CorsPolicySchema,
  CorsSchema,
} from "proxy-wasm-harness/api/envoy/extensions/filters/http/cors/v3/cors";
import { ExtAuthzSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/ext_authz/v3/ext_authz";
import { HTTPFaultSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/fault/v3/fault";
import { JwtAuthenticationSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/jwt_authn/v3/config";
import { LocalRateLimitSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit";
import { LuaSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/lua/v3/lua";
import { CheckResponseSchema } from "proxy-wasm-harness/api/envoy/service/auth/v3/external_auth";
import { FractionalPercent_DenominatorType } from "proxy-wasm-harness/api/envoy/type/v3/percent";
import type { RuntimeFractionalPercentSchema } from "proxy-wasm-harness/api/envoy/config/core/v3/base";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { ours } from "./scenario-fixture.ts";

const test = scenarioTest();

/** One of Envoy's filters, a request that it lets pass, and one that comes after it and that it answers itself. */
interface Answering {
  readonly name: string;
  readonly filter: Any;
  readonly passes?: ScenarioRequest;
  readonly answered?: ScenarioRequest;
  readonly status: number;
  readonly clusters?: readonly Cluster[];
  readonly perFilter?: Readonly<Record<string, Any>>;
}

const always: Fields<typeof RuntimeFractionalPercentSchema> = {
  defaultValue: { numerator: 100, denominator: FractionalPercent_DenominatorType.HUNDRED },
};

function localRateLimit(): Answering {
  const filter = any(LocalRateLimitSchema, {
    statPrefix: "limit",
    tokenBucket: { maxTokens: 1, fillInterval: durationFromMs(3_600_000) },
    filterEnabled: always,
    filterEnforced: always,
  });
  return { name: "local_ratelimit", filter, status: 429 };
}

const guest = { headers: { "x-user": "guest" } };

function extAuthzOverGrpc(): Answering {
  const service = new GrpcUpstream();
  service.unary("/envoy.service.auth.v3.Authorization/Check", ({ message }) => {
    const code = Buffer.from(message).includes("guest") ? 7 : 0;
    return { message: toBinary(CheckResponseSchema, create(CheckResponseSchema, { status: { code } })) };
  });
  const filter = any(ExtAuthzSchema, {
    transportApiVersion: ApiVersion.V3,
    services: {
      case: "grpcService",
      value: { targetSpecifier: { case: "envoyGrpc", value: { clusterName: "authz" } } },
    },
  });
  const clusters = [cluster("authz", service)];
  return { name: "ext_authz over gRPC", filter, answered: guest, status: 403, clusters };
}

function extAuthzOverHttp(): Answering {
  const service = new Upstream();
  service.respond(({ headers }) => ({ status: headers.get("x-user") === "guest" ? 401 : 200 }));
  const uri = { uri: "http://authz", timeout: durationFromMs(5_000) };
  const filter = any(ExtAuthzSchema, {
    transportApiVersion: ApiVersion.V3,
    services: {
      case: "httpService",
      value: {
        serverUri: { ...uri, httpUpstreamType: { case: "cluster", value: "authz" } },
        authorizationRequest: {
          allowedHeaders: { patterns: [{ matchPattern: { case: "exact", value: "x-user" } }] },
        },
      },
    },
  });
  const clusters = [cluster("authz", service)];
  return { name: "ext_authz over HTTP", filter, answered: guest, status: 401, clusters };
}

function jwtAuthn(): Answering {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");
  const signed = `${part({ alg: "RS256", kid: "k" })}.${part({ iss: "issuer" })}`;
  const token = `${signed}.${createSign("sha256").update(signed).sign(privateKey, "base64url")}`;
  const keys = [{ ...publicKey.export({ format: "jwk" }), kid: "k", alg: "RS256" }];
  const filter = any(JwtAuthenticationSchema, {
    providers: {
      ours: {
        issuer: "issuer",
        jwksSourceSpecifier: {
          case: "localJwks",
          value: { specifier: { case: "inlineString", value: JSON.stringify({ keys }) } },
        },
      },
    },
    rules: [
      {
        match: { pathSpecifier: { case: "prefix", value: "/" } },
        requirementType: {
          case: "requires",
          value: { requiresType: { case: "providerName", value: "ours" } },
        },
      },
    ],
  });
  const passes = { headers: { authorization: `Bearer ${token}` } };
  const answered = { headers: { authorization: `Bearer ${token}x` } };
  return { name: "jwt_authn", filter, passes, answered, status: 401 };
}

function fault(): Answering {
  const filter = any(HTTPFaultSchema, {
    abort: {
      errorType: { case: "httpStatus", value: 418 },
      percentage: { numerator: 100, denominator: FractionalPercent_DenominatorType.HUNDRED },
    },
    headers: [{ name: "x-fault", headerMatchSpecifier: { case: "presentMatch", value: true } }],
  });
  return { name: "fault", filter, answered: { headers: { "x-fault": "1" } }, status: 418 };
}

function cors(): Answering {
  const policy = any(CorsPolicySchema, {
    allowOriginStringMatch: [{ matchPattern: { case: "exact", value: "https://a.example" } }],
    allowMethods: "GET",
  });
  const preflight = { origin: "https://a.example", "access-control-request-method": "GET" };
  return {
    name: "cors",
    filter: any(CorsSchema),
    answered: { method: "OPTIONS", headers: preflight },
    status: 200,
    perFilter: { "envoy.filters.http.cors": policy },
  };
}

function lua(): Answering {
  const code = `function envoy_on_request(handle)
    if handle:headers():get("x-user") then handle:respond({[":status"] = "402"}, "lua") end
  end`;
  const source = { specifier: { case: "inlineString", value: code } } as const;
  return { name: "lua", filter: any(LuaSchema, { defaultSourceCode: source }), answered: guest, status: 402 };
}

const filters = [localRateLimit, extAuthzOverGrpc, extAuthzOverHttp, jwtAuthn, fault, cors, lua];
const table = filters.flatMap((answering) =>
  (["before", "after"] as const).map((where) => [where, answering().name, answering] as const),
);

test.for(table)("ours stands %s %s", async ([where, , answering], { start, upstream }) => {
  const { filter, passes = {}, answered = {}, status, clusters = [], perFilter = {} } = answering();
  const httpFilters = where === "before" ? [ours(), filter] : [filter, ours()];
  const mesh = await start({
    listeners: [listener("in", { httpFilters, routes: [route("/", "service", { perFilter })] })],
    clusters: [cluster("service", upstream), ...clusters],
  });

  const passed = await mesh.request("in", passes);
  const own = await mesh.request("in", answered);
  await mesh.settled();

  expect(passed).toHaveHeader("x-echo", "ours");
  expect([passed.status, own.status]).toEqual([200, status]);
  expect(own.headers.get("x-echo")).toBe(where === "before" ? "ours" : null);
  expect(mesh.stats).toHaveCounter("echo_headers.requests", where === "before" ? 2 : 1);
  expect(upstream.requests).toHaveLength(1);
});
