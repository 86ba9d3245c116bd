import type { Conversation } from "../conversation.ts";
import { connectionCallbacks, conversation } from "../places/connections.ts";
import { begunMoments, greeted, waiting } from "../places/plugins.ts";
import { streamCallbacks } from "../places/streams.ts";
import type { Step } from "../program.ts";
import { call, malformed, message } from "./foreign-calls.ts";
import { played, step, type Titled } from "./step.ts";

/** Everything that a real Envoy 1.40 lists as `filter_state.object` when it starts, and names that are none. */
const names = [
  ...["envoy.ai.llm_protocol.request", "envoy.ai.model.request", "envoy.bool", "envoy.hashable_string"],
  ...["envoy.filters.listener.original_dst.local_ip", "envoy.filters.listener.original_dst.remote_ip"],
  ...["envoy.network.application_protocols", "envoy.network.ip", "envoy.network.network_namespace"],
  ...["envoy.network.transport_socket.original_dst_address", "envoy.network.upstream_server_name"],
  ...["envoy.network.upstream_subject_alt_names", "envoy.ratelimit.hits_addend", "envoy.string"],
  ...["envoy.router.debug_config", "envoy.tcp_proxy.cluster", "envoy.tcp_proxy.disable_tunneling"],
  ...["envoy.tcp_proxy.per_connection_idle_timeout_ms", "envoy.upstream.dynamic_host"],
  ...["envoy.upstream.dynamic_port", "envoy.network.transport_socket.http_11_proxy.info"],
  ...["", "nothing", "envoy.String", "wasm.mine"],
];
const protocols = [
  ...["OPENAI_CHAT_COMPLETIONS", "OPENAI_RESPONSES", "ANTHROPIC_MESSAGES", "GEMINI_GENERATE_CONTENT"],
  ...["LLM_PROTOCOL_UNSPECIFIED", "openai_responses"],
];
const numbers = [
  ...[
    "0",
    "1",
    "007",
    "+5",
    "-1",
    "-0",
    " 7",
    "7 ",
    "\t7\n",
    "\u00a07",
    "1.5",
    "1e3",
    "0x10",
    "1_0",
    "+",
    "++1",
  ],
  ...["65535", "65536", "4294967295", "4294967296", "18446744073709551615", "18446744073709551616"],
];
const truths = ["true", "TRUE", "t", "Yes", "y", "on", "false", "f", "NO", "n", "off", "true ", "t\0"];
const addresses = [
  ...[
    "1.2.3.4",
    "::1",
    "::ffff:1.2.3.4",
    "FE80::0001",
    "[::1]",
    "01.2.3.4",
    "1.2.3",
    "1.2.3.4 ",
    "1.2.3.4/8",
  ],
  ...[
    "1.2.3.4:80",
    "[::1]:8080",
    "[FE80::0001]:0",
    "1.2.3.4:",
    "1.2.3.4:65536",
    "1.2.3.4: 80",
    "1.2.3.4:+80",
  ],
  ...["1.2.3.4:80:80", "[1.2.3.4]:80", "::1:80", "[::1]80", ":80", "[]:80", "localhost:80", "[::1]:80 "],
];
const proxies = [
  ...["a,1.2.3.4:80", ",1.2.3.4:80", "a,b,1.2.3.4:80", "a,1.2.3.4:80,x", "a, 1.2.3.4:80", "a:80,[::1]:80"],
];
const values = [
  ...["", "x", "a,b", "a, b", ",", "a\0b", "\u00ff", "/a/b", "example.com:80"],
  ...[...protocols, ...numbers, ...truths, ...addresses, ...proxies],
];

const set = (name: string, value: string, span = 0): Step =>
  call("set_envoy_filter_state", message({ 1: name, 2: value, 3: span }));
const read = (...path: readonly string[]): Step => step("proxy_get_property", path.join("\0"));
const setAndRead = (name: string, value: string, span?: number): Step[] => [
  set(name, value, span),
  read("filter_state", name),
];

/** In a connection, for Envoy's own filters do something with some of them. */
const made = names.map((name): Titled => [
  `an object ${name} is made of what a filter says`,
  played({ proxy_on_log: { steps: values.flatMap((value) => setAndRead(name, value)) } }),
]);

const local = "envoy.filters.listener.original_dst.local_ip";
const parts: Titled = [
  "parts of objects are read",
  played({
    proxy_on_request_headers: {
      steps: [
        ...[set(local, "1.2.3.4:80"), set("envoy.string", "x"), set("envoy.network.ip", "1.2.3.4")],
        ...["ip", "port", "x", "", "ip\0x"].flatMap((part) => [
          read("filter_state", local, part),
          read("filter_state", "envoy.string", part),
          read("filter_state", "envoy.network.ip", part),
        ]),
        ...[read(local), read("filter_state"), read("filter_state", "envoy", "string")],
        ...[read("filter_state.envoy.string"), read("upstream_filter_state", "envoy.string")],
        ...setAndRead(local, "no address"),
        step("proxy_set_property", local, "mine"),
        ...[read(local), read("filter_state", local), read("filter_state", `wasm.${local}`)],
      ],
    },
  }),
];

const segments: Titled = [
  "names of properties are not joined",
  played({
    proxy_on_request_headers: {
      steps: [
        ...["mine", "a.b", "a\0b"].map((name) => step("proxy_set_property", name, name)),
        ...[read("mine"), read("mine", "x"), read("wasm", "mine"), read("filter_state", "wasm", "mine")],
        ...[read("filter_state", "wasm.mine"), read("filter_state", "wasm.mine", "x"), read("a", "b")],
        ...[read("a.b"), read("filter_state", "wasm.a.b"), read("filter_state", "wasm.a", "b")],
        ...[read("filter_state", "wasm.a\0b"), read("request.path"), read("request.headers.x-a")],
        ...[
          read("filter_state.wasm.mine"),
          read("xds.route_name"),
          read("connection.id"),
          read("plugin.name"),
        ],
      ],
    },
  }),
];

const spans = [0, 1, 2, 9];
const kept: readonly Titled[] = spans.map((first): Titled => [
  `an object is kept for the span ${first}, and others come`,
  played({
    proxy_on_request_headers: {
      steps: [
        ...setAndRead("envoy.string", "first", first),
        ...spans.flatMap((span) => setAndRead("envoy.string", `then ${span}`, span)),
        ...spans.flatMap((span) => setAndRead("envoy.bool", span % 2 === 0 ? "1" : "0", span)),
      ],
    },
    proxy_on_log: { steps: [read("filter_state", "envoy.string"), read("filter_state", "envoy.bool")] },
  }),
]);

const keptOfConnections: Titled = [
  "an object is kept beside a connection, for whichever span",
  {
    ...conversation,
    program: {
      proxy_on_downstream_data: {
        steps: spans.flatMap((span) => setAndRead("envoy.string", `then ${span}`, span)),
      },
      proxy_on_log: { steps: [read("filter_state", "envoy.string")] },
    },
  },
];

const nothing: Titled = [
  "what is no object is refused",
  played({
    proxy_on_request_headers: {
      steps: [
        ...[
          "",
          "x",
          malformed,
          message({ 1: "envoy.string" }),
          message({ 2: "x" }),
          message({ 1: 7 }),
        ].flatMap((argument) => [
          call("set_envoy_filter_state", argument),
          read("filter_state", "envoy.string"),
        ]),
      ],
    },
  }),
];

const does = setAndRead("envoy.string", "here");
const where: readonly Titled[] = [
  ...streamCallbacks.map((callback): Titled => [
    `an object is made in ${callback}`,
    played({ [callback]: { steps: does } }),
  ]),
  ...connectionCallbacks.map((callback): Titled => [
    `an object is made in ${callback} of a connection`,
    { ...conversation, program: { [callback]: { steps: does } } },
  ]),
  ...begunMoments.map((moment): Titled => [
    `an object is made in ${moment}`,
    played(waiting(moment, does), greeted),
  ]),
  ...(["proxy_on_vm_start", "proxy_on_configure"] as const).map((callback): Titled => [
    `an object is made in ${callback}`,
    played({ [callback]: { steps: does, returns: 1 } }),
  ]),
  [
    "an object is made by an access logger",
    played({}, { loggers: [{ program: { proxy_on_log: { steps: does } } }] }),
  ],
  [
    "an object is made for a stream that is in effect, and not its own",
    played({
      proxy_on_request_headers: { steps: [step("proxy_set_effective_context", 1), ...does] },
    }),
  ],
];

const silent: Conversation = { turns: [["receives the rest"], ["is closed"]] };
const idle: Conversation = {
  turns: [["sends", "request"], ["receives", 7], ...silent.turns],
};

function metBy(
  callback: "proxy_on_new_connection" | "proxy_on_downstream_data",
  [name, value]: readonly [name: string, value: string],
  said: Conversation = conversation,
): Titled {
  const seen = [read("response", "flags"), read("response", "code_details"), read("xds", "cluster_name")];
  return [
    `tcp_proxy meets ${name} "${value}" of ${callback}, ${said.turns.length} turns`,
    { ...said, program: { [callback]: { steps: setAndRead(name, value) }, proxy_on_log: { steps: seen } } },
  ];
}

/** Envoy's own filters ask for some of them. */
const heeded: readonly Titled[] = [
  ...[
    ["envoy.router.debug_config", "x"],
    ["envoy.upstream.dynamic_host", "nowhere"],
    ["envoy.network.upstream_server_name", "nowhere"],
    ["envoy.network.transport_socket.original_dst_address", "192.0.2.1:1"],
  ].flatMap(([name = "", value = ""]) =>
    (["proxy_on_request_headers", "proxy_on_response_headers"] as const).map((callback): Titled => [
      `the router meets ${name} of ${callback}`,
      played({ [callback]: { steps: setAndRead(name, value) } }),
    ]),
  ),
  ...[
    ["envoy.tcp_proxy.cluster", "upstream"],
    ["envoy.tcp_proxy.disable_tunneling", "true"],
    ["envoy.tcp_proxy.per_connection_idle_timeout_ms", "100000"],
    ["envoy.network.upstream_server_name", "nowhere"],
  ].flatMap(([name = "", value = ""]) => [
    metBy("proxy_on_new_connection", [name, value]),
    metBy("proxy_on_downstream_data", [name, value]),
  ]),
  metBy("proxy_on_downstream_data", ["envoy.tcp_proxy.cluster", "nowhere"]),
  metBy("proxy_on_new_connection", ["envoy.tcp_proxy.per_connection_idle_timeout_ms", "50"], silent),
  metBy("proxy_on_new_connection", ["envoy.tcp_proxy.per_connection_idle_timeout_ms", "50"], idle),
  // whoever sends before such a connection is closed may see a reset
  metBy("proxy_on_new_connection", ["envoy.tcp_proxy.cluster", "nowhere"], silent),
  metBy("proxy_on_new_connection", ["envoy.tcp_proxy.cluster", ""], silent),
];

/** Objects for Envoy's own filters, and how they and properties are read. */
export const stored: readonly Titled[] = [
  ...[...made, parts, segments, ...kept, keptOfConnections],
  ...[nothing, ...where, ...heeded],
];
