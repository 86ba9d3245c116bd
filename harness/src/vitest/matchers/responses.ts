import type { HeaderList, HeaderValue } from "../../header-list.ts";
import type { ReceivedResponse } from "../../message.ts";
import { indent, judge, type Judgement } from "./judgement.ts";

export function toHaveStatus(response: ReceivedResponse, status: number): Judgement {
  return judge(response.status === status, `status ${status}`, () => describeResponse(response));
}

export function toHaveHeader(message: { headers: HeaderList }, name: string, value?: HeaderValue): Judgement {
  const seen = message.headers.bytes(name);
  const wanted = typeof value === "string" ? new TextEncoder().encode(value) : value;
  const pass = seen !== null && (wanted === undefined || Buffer.compare(seen, wanted) === 0);
  const what = value === undefined ? `a header ${name}` : `a header ${name}: ${String(value)}`;
  return judge(pass, what, () => `there were\n${indent(message.headers.toString() || "no headers")}`);
}

function describeResponse(response: ReceivedResponse): string {
  const lines = [response.headers.toString(), "", response.text().slice(0, 500)];
  return `it was ${response.status}\n${indent(lines.join("\n").trimEnd())}`;
}
