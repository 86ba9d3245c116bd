import type { GrpcExchange } from "../host/state.ts";
import { all, flag } from "./bytes.ts";
import type { GrpcEvent } from "./grpc.ts";

const [ANSWERED, UNREACHABLE, TIMED_OUT, RESET, NOT_SENT] = ["0", "1", "2", "3", "4"] as const;

/** What Envoy puts behind the words of a status that are the service's. */
export const ownText = "{via_upstream}";

/** What a handler reports of what could not be sent. */
export const unsent = all(["end", NOT_SENT, "14", "0", "", ""]);

/** What the handler of a stream reports that breaks off. */
export const brokenOff = all(["end", UNREACHABLE, "14", "0", "", ""]);

/** What a handler must report of a part of an answer; null for what it is not told. */
export function reportOf(
  { part, fields, text, status }: GrpcEvent,
  { isStream }: GrpcExchange,
): string | null {
  if (part === "close") return all(["end", ...endOf(status, text), ""]);
  if (part === "message")
    return isStream ? all(["message", text]) : all(["end", ANSWERED, "0", "1", "", text]);
  return isStream ? all([part, ...fields.flat()]) : null;
}

/** Outcome, status, whether all is well, and the words. */
function endOf(status: number, text: string): string[] {
  const isOwn = /(^|\{)via_upstream(\}|$)/.test(text) && (text === "via_upstream" || text.endsWith(ownText));
  const said = isOwn ? text.slice(0, Math.max(text.length - ownText.length, 0)) : text;
  const words = isOwn
    ? said.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : said;
  const outcome = outcomeOf(status, text, isOwn);
  return [outcome, String(status), flag(outcome === ANSWERED && status === 0), words];
}

function outcomeOf(status: number, text: string, isOwn: boolean): string {
  if (status === 4 || text === "response_timeout" || text.endsWith("{response_timeout}")) return TIMED_OUT;
  if (isOwn) return ANSWERED;
  if (status === 14) return UNREACHABLE;
  return status === 13 && text.startsWith("upstream_reset") ? RESET : ANSWERED;
}
