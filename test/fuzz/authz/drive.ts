import { type LightHost, PLUGIN } from "../host/light-host.ts";
import { agree } from "../told/world.ts";
import { type Expression, peerMatches } from "./expressions.ts";
import type { Field } from "../host/fields.ts";
import type { AuthzSession } from "./sessions.ts";
import type { AuthzEvent } from "./surroundings.ts";

const statuses = ["respond 401", "respond 403", "respond 500", "respond 503"];
const nanosPerMs = 1_000_000n;

/** Takes header-authz through a session: each request passes or is refused by a status that the filter has. */
export function authzHandles(host: LightHost, session: AuthzSession): void {
  const { state } = host;
  for (const [name, value] of Object.entries(session.properties)) state.properties.set(name, value);
  state.foreign = session.foreign;
  const isAccepted = configures(host, session.configuration);
  if (session.mustBeAccepted) agree("the verdict on the configuration", isAccepted, true);
  if (!isAccepted) return;
  const events = [...session.events];
  for (const [i, fields] of session.requests.entries()) {
    const verdict = verdictOn(host, PLUGIN + 1 + i, fields);
    if (verdict !== null && !statuses.includes(verdict)) throw new Error(`it did ${verdict}`);
    const event = events.shift();
    if (event !== undefined) happen(host, event);
  }
}

/** Whether an expression is accepted, and what it matches, is as the generator and JavaScript have it. */
export function expressionMatches(
  host: LightHost,
  expression: Expression,
  { ignoresCase, texts }: { readonly ignoresCase: boolean; readonly texts: readonly string[] },
): void {
  agree("the verdict on an expression", configures(host, ruleOf(expression.source, ignoresCase)), true);
  for (const [i, text] of texts.entries()) {
    const passes = verdictOn(host, PLUGIN + 1 + i, [["x-text", text]]) === null;
    agree(`that ${JSON.stringify(text)} matches`, passes, peerMatches(expression, ignoresCase, text));
  }
}

/** An expression with an error is refused. */
export function expressionIsRefused(host: LightHost, source: string): void {
  agree("the verdict on an expression", configures(host, ruleOf(source, false)), false);
}

function ruleOf(regex: string, ignoresCase: boolean): object {
  return { rules: [{ allow: { header: "x-text", regex, ...(ignoresCase ? { ignore_case: true } : {}) } }] };
}

function configures(host: LightHost, configuration: unknown): boolean {
  host.state.properties.set("plugin_root_id", "header-authz");
  return host.configure(Buffer.from(JSON.stringify(configuration)).toString("latin1"));
}

/** What the filter asked for when it saw a request; null when it let it pass. */
function verdictOn(host: LightHost, context: number, fields: readonly Field[]): string | null {
  const { state } = host;
  const asked = state.asked.length;
  host.openStream(context);
  state.maps[0] = [...fields];
  const action = host.call("proxy_on_request_headers", context, fields.length, 1);
  const verdict = state.asked[asked] ?? null;
  if (verdict === null && action !== 0) throw new Error(`a request is held: ${action}`);
  for (const callback of ["proxy_on_log", "proxy_on_done"]) host.call(callback, context);
  state.streams.delete(context);
  host.call("proxy_on_delete", context);
  return verdict;
}

function happen(host: LightHost, event: AuthzEvent): void {
  const { state } = host;
  if (event.kind === "tick") {
    state.nowNanos += BigInt(event.by) * BigInt(state.tickMs) * nanosPerMs;
    host.call("proxy_on_tick", PLUGIN);
    return;
  }
  const { token = 0 } = state.callouts.shift() ?? {};
  state.maps[6] = [...event.headers];
  state.buffers[4] = event.body;
  host.call("proxy_on_http_call_response", PLUGIN, token, event.headers.length, event.body.length, 0);
}
