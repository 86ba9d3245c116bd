import { isIPv4 } from "node:net";
import type { StoredObject } from "./filter-state.ts";
import { shortestIpv6, withPortZero } from "./ip-addresses.ts";
import { encodePairs } from "./pairs.ts";

/** Makes an object of what a filter says; null when that is none of the kind. */
type Factory = (said: Uint8Array) => StoredObject | null;

/** What it reads by is what it was made from. */
const text: Factory = (value) => ({ value });

/** What is read of an object of parts as a whole. */
const emptyMap = encodePairs([]);

/** What was made is for Envoy's own filters alone. */
const unreadable: StoredObject = { value: null };

/**
 * The kinds of objects for Envoy's own filters, by their names. Source: what a real Envoy 1.40 lists as `filter_state.object`
 * when it starts, each by its `ObjectFactory`.
 */
const factories: Readonly<Record<string, Factory>> = {
  "envoy.ai.llm_protocol.request": (said) => (protocols.has(textIn(said)) ? { value: emptyMap } : null),
  "envoy.ai.model.request": (said) => (said.length === 0 ? null : { value: said }),
  "envoy.bool": bool,
  "envoy.filters.listener.original_dst.local_ip": address,
  "envoy.filters.listener.original_dst.remote_ip": address,
  "envoy.hashable_string": text,
  "envoy.network.application_protocols": () => unreadable,
  "envoy.network.ip": ip,
  "envoy.network.network_namespace": text,
  "envoy.network.transport_socket.http_11_proxy.info": proxied,
  "envoy.network.transport_socket.original_dst_address": address,
  "envoy.network.upstream_server_name": text,
  "envoy.network.upstream_subject_alt_names": text,
  "envoy.ratelimit.hits_addend": integer(0xffff_ffffn),
  "envoy.router.debug_config": () => unreadable,
  "envoy.string": text,
  "envoy.tcp_proxy.cluster": text,
  "envoy.tcp_proxy.disable_tunneling": (said) => ({ value: textIn(said) === "true" ? "true" : "false" }),
  "envoy.tcp_proxy.per_connection_idle_timeout_ms": integer(0xffff_ffff_ffff_ffffn),
  "envoy.upstream.dynamic_host": text,
  "envoy.upstream.dynamic_port": integer(0xffff_ffffn),
};

/** The factory of a name; null when Envoy has none. */
export function filterObjectFactory(name: string): Factory | null {
  return Object.hasOwn(factories, name) ? (factories[name] ?? null) : null;
}

/** `envoy.type.ai.v3.LLMProtocol` */
const protocols: ReadonlySet<string> = new Set([
  ...["LLM_PROTOCOL_UNSPECIFIED", "OPENAI_CHAT_COMPLETIONS", "OPENAI_RESPONSES"],
  ...["ANTHROPIC_MESSAGES", "GEMINI_GENERATE_CONTENT"],
]);

const truths: Readonly<Record<string, readonly string[]>> = {
  true: ["true", "t", "yes", "y", "1"],
  false: ["false", "f", "no", "n", "0"],
};

/** As `absl::SimpleAtob` reads it. */
function bool(said: Uint8Array): StoredObject | null {
  const word = textIn(said).toLowerCase();
  const truth = Object.keys(truths).find((value) => truths[value]?.includes(word) === true);
  return truth === undefined ? null : { value: truth };
}

function integer(most: bigint): Factory {
  return (said) => {
    const value = unsigned(textIn(said), most);
    return value === null ? null : { value: String(value) };
  };
}

/** As `absl::SimpleAtoi` reads it. */
function unsigned(said: string, most: bigint): bigint | null {
  const digits = /^[ \t\n\v\f\r]*\+?(\d+)[ \t\n\v\f\r]*$/.exec(said)?.[1];
  if (digits === undefined || BigInt(digits) > most) return null;
  return BigInt(digits);
}

/** An address as such, which is kept with the port 0. */
function ip(said: Uint8Array): StoredObject | null {
  const value = withPortZero(textIn(said));
  return value === null ? null : { value };
}

/** An address with its port. */
function address(said: Uint8Array): StoredObject | null {
  const parts = addressIn(textIn(said));
  return parts === null ? null : { value: emptyMap, parts };
}

/** The name of a host, and the address of a proxy. */
function proxied(said: Uint8Array): StoredObject | null {
  const [host = "", proxy = "", ...rest] = textIn(said).split(",");
  if (host === "" || rest.length > 0 || addressIn(proxy.trim()) === null) return null;
  return unreadable;
}

/** `192.0.2.1:80` or `[2001:db8::1]:80` */
function addressIn(said: string): { readonly ip: string; readonly port: bigint } | null {
  const [, bracketed, plain = "", after = ""] = /^(?:\[(.*)\]|([^:]*)):(.*)$/s.exec(said) ?? [];
  const port = unsigned(after, 0xffffn);
  const address = bracketed === undefined ? ipv4(plain) : shortestIpv6(bracketed);
  return port === null || address === null ? null : { ip: address, port };
}

function ipv4(host: string): string | null {
  return isIPv4(host) ? host : null;
}

function textIn(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
