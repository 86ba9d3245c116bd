import type { MatcherState } from "vitest";
import type { HeaderList, HeaderValue } from "../../header-list.ts";
import type { ReceivedResponse } from "../../message.ts";
import { nearest } from "../../nearest.ts";
import { pluginTrapText } from "../../trap.ts";
import { trapsOf } from "../../trapped-responses.ts";
import { indent, judge, judgeNone, type Judgement } from "./judgement.ts";

export function toHaveStatus(response: ReceivedResponse, status: number): Judgement {
  return judge(response.status === status, `status ${status}`, () => describeResponse(response));
}

export function toHaveHeader(
  this: MatcherState,
  { headers }: { headers: HeaderList },
  name: string,
  value?: HeaderValue,
): Judgement {
  const seen = headers.bytes(name);
  const wanted = typeof value === "string" ? new TextEncoder().encode(value) : value;
  const pass = seen !== null && (wanted === undefined || Buffer.compare(seen, wanted) === 0);
  const what = value === undefined ? `a header ${name}` : `a header ${name}: ${String(value)}`;
  const close = seen === null && value !== undefined ? nearest(name.toLowerCase(), namesOf(headers)) : null;
  if (this.isNot && close !== null)
    return judgeNone(what, `there is no such header: did you mean ${close}?`, `toHaveHeader("${name}")`);
  return judge(pass, what, () => `there were\n${indent(headers.toString() || "no headers")}`);
}

function namesOf(headers: HeaderList): string[] {
  return [...headers].map(([name]) => name);
}

function describeResponse(response: ReceivedResponse): string {
  const lines = [response.headers.toString(), "", response.text().slice(0, 500)];
  const traps = trapsOf(response).map((trap) => `\n${pluginTrapText(trap)}`);
  return `it was ${response.status}\n${indent(lines.join("\n").trimEnd())}${traps.join("")}`;
}
