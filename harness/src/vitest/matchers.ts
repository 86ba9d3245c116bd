import { expect } from "vitest";
import type { HeaderList, HeaderValue } from "../header-list.ts";
import type { ReceivedResponse } from "../message.ts";
import type { LogEntry, LogLevel } from "../observation.ts";
import { nearest } from "../nearest.ts";
import type { Stats } from "../stats.ts";

/** Matchers that judge what was already observed; none of them waits, fetches or retries. */
interface HarnessMatchers<R> {
  /** The response's status. On failure the response is shown. */
  toHaveStatus(status: number): R;
  /** The first value of a header or trailer, byte for byte; without a value: that it is there. */
  toHaveHeader(name: string, value?: HeaderValue): R;
  /** How much a counter grew since the test began; a counter that does not exist fails. */
  toHaveCounter(name: string, change: number): R;
  /** A line of this level that is, contains or matches the message. */
  toHaveLogged(level: LogLevel, message: string | RegExp): R;
}

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- vitest's own extension point
  interface Matchers<R extends void | Promise<void>, T> extends HarnessMatchers<R> {}
}

interface Judgement {
  pass: boolean;
  message: () => string;
}

expect.extend({
  toHaveStatus(response: ReceivedResponse, status: number): Judgement {
    return judge(response.status === status, `status ${status}`, () => describeResponse(response));
  },

  toHaveHeader(message: { headers: HeaderList }, name: string, value?: HeaderValue): Judgement {
    const seen = message.headers.bytes(name);
    const wanted = typeof value === "string" ? new TextEncoder().encode(value) : value;
    const pass = seen !== null && (wanted === undefined || Buffer.compare(seen, wanted) === 0);
    const what = value === undefined ? `a header ${name}` : `a header ${name}: ${String(value)}`;
    return judge(pass, what, () => `there were\n${indent(message.headers.toString() || "no headers")}`);
  },

  toHaveCounter(stats: Stats, name: string, change: number): Judgement {
    const seen = stats.get(name);
    return judge(seen === change, `counter ${name} to have grown by ${change}`, () =>
      describeCounter(stats, name, seen),
    );
  },

  toHaveLogged(logs: readonly LogEntry[], level: LogLevel, message: string | RegExp): Judgement {
    const matches = (text: string): boolean =>
      typeof message === "string" ? text.includes(message) : message.test(text);
    const pass = logs.some((entry) => entry.level === level && matches(entry.message));
    const lines = (): string => logs.map((entry) => `${entry.level}: ${entry.message}`).join("\n");
    return judge(
      pass,
      `a line at ${level} with ${String(message)}`,
      () => `logged was\n${indent(lines() || "nothing")}`,
    );
  },
});

function judge(pass: boolean, wanted: string, seen: () => string): Judgement {
  return { pass, message: () => `expected ${pass ? "not " : ""}${wanted}, but ${seen()}` };
}

function describeResponse(response: ReceivedResponse): string {
  const lines = [response.headers.toString(), "", response.text().slice(0, 500)];
  return `it was ${response.status}\n${indent(lines.join("\n").trimEnd())}`;
}

function describeCounter(stats: Stats, name: string, seen: number | null): string {
  if (seen !== null)
    return `it grew by ${seen}; what changed:\n${indent(JSON.stringify(stats.changed(), null, 2))}`;
  const close = nearest(name, stats.names());
  return `there is no such counter${close === null ? `; there are ${stats.names().join(", ") || "none"}` : `: did you mean ${close}?`}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
