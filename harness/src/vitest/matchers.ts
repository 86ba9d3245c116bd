import { expect } from "vitest";
import type { HeaderValue } from "../header-list.ts";
import type { CallName } from "../module/abi-calls.ts";
import type { ProxyModule } from "../module/load.ts";
import type { AccessLogEntry, HistogramSummary, LogLevel } from "../observation.ts";
import type { Span } from "../spans.ts";
import type { CallStep, CallWanted } from "./matchers/calls.ts";
import { toHaveNoFindings } from "./matchers/findings.ts";
import { toHaveEnvoyLog, toHaveLogged } from "./matchers/logs.ts";
import { toRunModule } from "./matchers/modules.ts";
import { toHavePrometheusSeries, type SeriesWanted } from "./matchers/prometheus.ts";
import { toHaveHeader, toHaveStatus } from "./matchers/responses.ts";
import { toHaveCounter, toHaveGauge, toHaveHistogram } from "./matchers/stats.ts";
import { toHaveAccessLogEntry, toHaveSpan, type Wanted } from "./matchers/streams.ts";
import { toHaveCalled, toHaveCalledTimes, toHaveCallsInOrder } from "./matchers/transcript.ts";

/** Matchers that judge what was already observed; none of them waits, fetches or retries. */
interface HarnessMatchers<R> {
  /** The response's status. On failure the response is shown. */
  toHaveStatus(status: number): R;
  /**
   * The first value of a header or trailer, byte for byte; without a value: that it is there. With `not` and a value a name
   * that no header has fails, where there is one written alike.
   */
  toHaveHeader(name: string, value?: HeaderValue): R;
  /**
   * How much a counter grew since the test began; a counter that does not exist fails, also with `not`. Without a change:
   * that it grew at all, and with `not` that it did not, be it there or not.
   */
  toHaveCounter(name: string, change?: number): R;
  /** The same of a gauge: how much higher it stands than when the test began. */
  toHaveGauge(name: string, change?: number): R;
  /**
   * How many samples a histogram got since the test began, and their sum at Envoy's two digits; either may be left out. One
   * that does not exist fails, also with `not`. Without both: that there are samples, and with `not` that there are none.
   */
  toHaveHistogram(name: string, wanted?: Partial<HistogramSummary>): R;
  /** A line of this level that is, contains or matches the message. */
  toHaveLogged(level: LogLevel, message: string | RegExp): R;
  /**
   * A line of Envoy's own, by its component and level, that is, contains or matches the message. A component that no Envoy
   * has, but for a slip of the pen, fails also with `not`.
   */
  toHaveEnvoyLog(component: string, level: LogLevel, message: string | RegExp): R;
  /**
   * A span that has all this; attributes that are not named may have any value. An attribute that no span has, but for a
   * slip of the pen, fails also with `not`, unless its value is `expect.anything()`.
   */
  toHaveSpan(wanted: Wanted<Span>): R;
  /** An entry of the access log that has all this; keys in a part of it, `requestHeaders` say, as a span's attributes. */
  toHaveAccessLogEntry(wanted: Wanted<AccessLogEntry>): R;
  /**
   * A series of the page that Prometheus is given, with these labels among its own, and this value. A name or a label that
   * no series has fails, also with `not` unless nothing but the name is asked for.
   */
  toHavePrometheusSeries(name: string, wanted?: SeriesWanted): R;
  /**
   * A callback or host call of the ABI, with these values among its own: what it was given, what the host wrote, its `result`,
   * `plugin`, `contextId` and `trap`. A value that such calls do not have fails, also with `not`.
   */
  toHaveCalled<Name extends CallName>(name: Name, wanted?: CallWanted<Name>): R;
  /** So many calls of this name. */
  toHaveCalledTimes(name: CallName, times: number): R;
  /** These calls one after the other, with others between them or not; each a name, or a name and what is wanted of it. */
  toHaveCallsInOrder(steps: readonly CallStep[]): R;
  /** One of the modules that Envoy has loaded has the digest of this one: `expect(await proxy.admin.modules())`. */
  toRunModule(module: Pick<ProxyModule, "sha256"> & Partial<ProxyModule>): R;
  /** What `exhaust` or `everySplit` reports has no findings; on failure they are shown, each with how to see it again. */
  toHaveNoFindings(): R;
}

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- vitest's own extension point
  interface Matchers<R extends void | Promise<void>, T> extends HarnessMatchers<R> {}
}

expect.extend({
  ...{ toHaveStatus, toHaveHeader },
  ...{ toHaveCounter, toHaveGauge, toHaveHistogram, toHavePrometheusSeries },
  ...{ toHaveLogged, toHaveEnvoyLog, toHaveSpan, toHaveAccessLogEntry },
  ...{ toHaveCalled, toHaveCalledTimes, toHaveCallsInOrder },
  ...{ toRunModule, toHaveNoFindings },
});
