import type { StartedProxy } from "proxy-wasm-harness";
import { filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

/** What the guest `steers` does: calls, in one callback of a stream, or by what that callback has set going. */
export interface Steer {
  readonly in: string;
  readonly do: readonly string[];
  /** The callback returns Pause, whatever the calls say. */
  readonly pause?: boolean;
  /** Who makes the calls; default the callback itself. */
  readonly by?: string;
  /** How long timers wait; default 5. */
  readonly after_ms?: number;
}

/** Everything but the callback itself that can steer a stream. */
export const later = ["callout", "plugin_callout", "timer", "plugin_timer", "queue"];

/** Callouts that cannot be sent, whose results come in the midst of the callback. */
export const unsent = ["unsent_callout", "unsent_plugin_callout"];

/** The errors that were logged, but for the host's own refusal of a callout that cannot be sent. */
export function errorsOf({ logs }: StartedProxy): string[] {
  const errors = logs.filter(({ level }) => level === "error").map(({ message }) => message);
  return errors.filter(
    (message) => message !== "proxy_http_call was refused by the host with status BadArgument (2)",
  );
}

/** A test with a filter that steers; its service answers callouts. */
export function steering(steer: Steer): FilterTest {
  return filterTest(guest("steers"), steer, { clusters: ["service"] });
}

/** A message in chunks; a body's end is in its last piece unless trailers follow. */
export function messageFor(phase: string): {
  headers: Record<string, string>;
  body: string;
  trailers: Record<string, string>;
} {
  const trailers: Record<string, string> = phase.endsWith("_body") ? {} : { "x-sum": "6" };
  return { headers: { "transfer-encoding": "chunked" }, body: "one", trailers };
}
