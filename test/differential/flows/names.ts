import { begunMoments, greeted, waiting } from "../places/plugins.ts";
import { streamCallbacks } from "../places/streams.ts";
import type { Program, Step } from "../program.ts";
import { played, step, type Titled } from "./step.ts";

const nowhere = 0xffff_fff0;
const resolve = (name: string | number): Step => step("envoy_resolve_dns", name);

/** What is said of a name comes while it is asked for; the second time it is another one. */
const answered: Program = {
  envoy_on_resolve_dns: [
    {
      steps: [
        step("proxy_get_buffer_status", 8),
        step("proxy_get_buffer_bytes", 8, 0, -1),
        step("proxy_get_buffer_bytes", 8, 4, 4),
        step("proxy_set_buffer_bytes", 8, 0, 0, "x"),
        step("proxy_get_property", "plugin_name"),
        step("proxy_get_header_map_value", 0, "x-a"),
      ],
    },
    { steps: [step("proxy_get_buffer_bytes", 8, 0, -1)] },
  ],
};

/** Addresses in every spelling, and what is no name. */
const addresses: readonly string[] = [
  ...[
    "127.0.0.1",
    "10.1.2.255",
    "::1",
    "0::1",
    "FE80::A",
    "::ffff:1.2.3.4",
    "::ffff:102:304",
    "127.0.0.1\0x",
  ],
  ...["a b", " 127.0.0.1", "127.0.0.1:80", "[::1]", "fe80::1%lo", "\u00e9", "name!", "a:b"],
];

const asking = [resolve("127.0.0.1"), resolve("::1"), resolve(nowhere), resolve("no name")];

/** Names: an address is its own answer, and what is no name has none; whatever else there is would have to be asked for. */
export const resolved: readonly Titled[] = [
  ...addresses.map((name): Titled => [
    `${JSON.stringify(name)} is resolved`,
    played({ ...answered, proxy_on_request_headers: { steps: [resolve(name), resolve(name)] } }),
  ]),
  ...streamCallbacks.map((callback): Titled => [
    `names in ${callback}`,
    played({ ...answered, [callback]: { steps: asking } }),
  ]),
  ...begunMoments.map((moment): Titled => [
    `names in ${moment}`,
    played({ ...answered, ...waiting(moment, asking) }, greeted),
  ]),
  [
    "a name is resolved while a reply is asked for",
    played({
      ...answered,
      proxy_on_request_headers: {
        steps: [
          step("proxy_send_local_response", 403, "no", "stay out", [], -1),
          resolve("127.0.0.1"),
          step("proxy_get_header_map_value", 0, "x-a"),
        ],
      },
    }),
  ],
  [
    "names for a module that plays-without-headers",
    played({ ...answered, proxy_on_request_body: { steps: asking } }, { player: "plays-without-headers" }),
  ],
];
