import type { RequestInput, ResponseInput, UpstreamFault } from "proxy-wasm-harness";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { test } from "../project.ts";
import { expectParity } from "./parity.ts";
import { requiresEnvoy } from "./requires-envoy.ts";
import { sampled } from "./sampling.ts";

describe("what a filter learns of a callout", () => {
  const body = "it may";
  // A table: one line an exchange.
  // prettier-ignore
  const exchanges: Array<[title: string, service: ResponseInput | UpstreamFault, configuration?: object]> = [
    ["that is answered", { body, headers: { "x-user": "me" } }],
    ["that is answered without a body", {}],
    ["that is answered with trailers", { body, trailers: { "x-a": "1" } }],
    ["that is answered by 403", { status: 403, body: "no" }],
    ["that the service answers by 503 itself", { status: 503, body: "upstream connect error" }],
    ["that nobody takes", { fault: "refuse" }],
    ["that breaks off", { fault: "reset" }],
    ["that nobody answers", { fault: "silence" }, { cluster: "service", timeout_ms: 50 }],
    ["that is answered too late", { body, delayMs: 2_000 }, { cluster: "service", timeout_ms: 50 }],
    ["that has no cluster", {}, { cluster: "nowhere" }],
  ];

  test.for(exchanges)("%s", async ([, service, configuration = { cluster: "service" }], { skip, envoys }) => {
    await requiresEnvoy(skip);

    await expectParity(envoys, {
      filter: guest("calls-out"),
      configuration,
      request: { method: "POST", body: "one" },
      service,
    });
  });
});

describe("a body that waits for a callout", () => {
  const chunked = { "transfer-encoding": "chunked" };
  const exchanges: Array<[title: string, request: RequestInput]> = [
    ["of announced length", { method: "POST", body: "one" }],
    ["in chunks", { method: "POST", headers: chunked, body: "one" }],
    ["with trailers", { method: "POST", headers: chunked, body: "one", trailers: { "x-sum": "6" } }],
    ["of none", {}],
  ];

  test.for(exchanges)("%s", async ([, request], { skip, envoys }) => {
    await requiresEnvoy(skip);

    const configuration = { ask: "body" };
    await expectParity(envoys, {
      filter: guest("checks-bodies"),
      configuration,
      request,
      service: { body: "!" },
    });
  });
});

/** What the guest `steers` does: the calls, in one callback; `pause` lets the callback return Pause whatever they say. */
interface Steer {
  readonly in: string;
  readonly do: readonly string[];
  readonly pause?: boolean;
  /** Who makes the calls; default the callback itself. */
  readonly by?: string;
}

describe("what becomes of a stream that a filter steers", () => {
  const early = ["request_headers", "request_body", "request_trailers"];
  const late = ["response_headers", "response_body", "response_trailers"];
  const calls = ["respond", "close", "resume_request", "resume_response"];
  const pairs = calls.flatMap((first) => calls.map((second) => [first, second]));

  const once = [...early, ...late, "log", "done"].flatMap((where) =>
    calls.map((call): Steer => ({ in: where, do: [call] })),
  );
  const paused = [...early, ...late].flatMap((where) =>
    calls.map((call): Steer => ({ in: where, do: [call], pause: true })),
  );
  const twice = ["request_headers", "response_headers", "response_body"].flatMap((where) =>
    pairs.map((both): Steer => ({ in: where, do: both })),
  );
  const later = [
    ...paused,
    ...["request_headers", "response_headers", "response_trailers"].flatMap((where) =>
      pairs.map((both): Steer => ({ in: where, do: both, pause: true })),
    ),
  ].map((steer): Steer => ({ ...steer, by: "callout" }));

  const atHeaders = paused.filter(({ in: where }) => where.endsWith("_headers"));
  const others = [
    ...paused.map((steer): Steer => ({ ...steer, by: "timer" })),
    ...["plugin_callout", "plugin_timer", "queue"].flatMap((by) =>
      atHeaders.map((steer): Steer => ({ ...steer, by })),
    ),
  ];
  const full = [...early, ...late].flatMap((where) =>
    ["callback", "callout", "timer"].map((by): Steer => ({
      in: where,
      do: ["respond_fully"],
      pause: true,
      by,
    })),
  );

  /** Whether the stream would stay paused, which no test waits for. */
  const isStuck = ({ in: where, do: all, pause = false }: Steer): boolean =>
    pause && all.every((call) => call === (early.includes(where) ? "resume_response" : "resume_request"));
  const title = ({ in: where, do: all, pause = false, by = "callback" }: Steer): string =>
    `${where}: ${all.join(", ")}${pause ? ", paused" : ""}${by === "callback" ? "" : `, by ${by}`}`;
  const exchanges = [...once, ...paused, ...twice, ...later, ...others, ...full]
    .filter((steer) => !isStuck(steer))
    .map((steer) => [title(steer), steer] as const);

  /** A body's end is in its last piece unless trailers follow. */
  const messageFor = (where: string): RequestInput & ResponseInput => ({
    headers: { "transfer-encoding": "chunked" },
    body: "one",
    ...(where.endsWith("_body") ? {} : { trailers: { "x-sum": "6" } }),
  });

  test.for(sampled(exchanges))("in %s", async ([, configuration], { skip, envoys }) => {
    await requiresEnvoy(skip);

    await expectParity(envoys, {
      filter: guest("steers"),
      configuration,
      request: { method: "POST", ...messageFor(configuration.in) },
      response: messageFor(configuration.in),
      service: {},
    });
  });

  test.for(full.map((steer) => [title(steer), steer] as const))(
    "a gRPC request, in %s",
    async ([, steer], { skip, envoys }) => {
      await requiresEnvoy(skip);

      const message = messageFor(steer.in);
      const headers = { ...message.headers, "content-type": "application/grpc" };
      await expectParity(envoys, {
        filter: guest("steers"),
        configuration: steer,
        request: { method: "POST", ...message, headers },
        response: { ...message, headers },
        service: {},
      });
    },
  );
});
