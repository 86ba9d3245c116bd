import type { Spot } from "../finding.ts";
import type { Message } from "./message.ts";
import type { Reading } from "./reader.ts";

interface Category {
  readonly noun: string;
  readonly packages: readonly string[];
}

const filters = "envoy.extensions.filters";
/** Types that stand for others wherever an extension is configured. */
const anywhere = ["envoy.extensions.common.matching.", "google.protobuf."];

/** What a message's `typed_config` must be. */
const categories: Readonly<Record<string, Category>> = {
  "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter": {
    noun: "an HTTP filter",
    packages: [`${filters}.http.`],
  },
  "envoy.config.listener.v3.Filter": { noun: "a network filter", packages: [`${filters}.network.`] },
  "envoy.config.listener.v3.ListenerFilter": {
    noun: "a listener filter",
    packages: [`${filters}.listener.`, `${filters}.udp.`],
  },
  "envoy.config.accesslog.v3.AccessLog": {
    noun: "an access logger",
    packages: ["envoy.extensions.access_loggers."],
  },
  "envoy.config.core.v3.TransportSocket": {
    noun: "a transport socket",
    packages: ["envoy.extensions.transport_sockets."],
  },
};

/** Packages by what their types are, for messages. */
const nouns: ReadonlyArray<readonly [string, string]> = [
  [`${filters}.http.`, "an HTTP filter"],
  [`${filters}.network.`, "a network filter"],
  [`${filters}.listener.`, "a listener filter"],
  [`${filters}.udp.`, "a UDP filter"],
  ["envoy.extensions.access_loggers.", "an access logger"],
  ["envoy.extensions.transport_sockets.", "a transport socket"],
];

/** Reports an extension of one kind where another kind belongs. */
export function checkCategory(
  { report, api }: Reading,
  type: string,
  spot: Spot,
  parent: Message | null,
): void {
  const category = categories[parent?.type ?? ""];
  if (category === undefined || [...category.packages, ...anywhere].some((name) => type.startsWith(name)))
    return;
  const noun = nouns.find(([name]) => type.startsWith(name))?.[1] ?? "something else";
  report(
    "extension-category",
    spot,
    `this must be ${category.noun}, and ${type} is ${noun}`,
    sibling(api, type, category),
  );
}

/** The extension of the same name and of the right kind: Wasm, RBAC and others exist as several. */
function sibling(api: Reading["api"], type: string, { packages }: Category): string | null {
  const parts = type.split(".").slice(-3);
  const found = packages
    .map((name) => `${name}${parts.join(".")}`)
    .find((name) => api.getMessage(name) !== undefined);
  return found === undefined ? null : `did you mean type.googleapis.com/${found}?`;
}
