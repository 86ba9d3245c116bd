import type { Plugin } from "../backend.ts";
import type { EnvoyLogEntry, LogEntry, Trap } from "../observation.ts";
import { withLastWords } from "../trap.ts";
import { isOfFilters, parseFilterLog } from "./filter-log.ts";
import { unmarked } from "./isolation.ts";
import { normalised, parseLogLine, type LogLine } from "./log-line.ts";
import { Tally } from "../tally.ts";
import { Trace } from "./trace.ts";
import { parseTrap } from "./trap-report.ts";

const tailLength = 12;
const problemLimit = 100;

/** Everything that Envoy has said on stderr, sorted by what it means. */
export class EnvoyLog {
  readonly entries: LogEntry[] = [];
  /** Filled only while Envoy's `wasm` logger is at level trace. */
  readonly trace = new Trace();
  readonly traps: Trap[] = [];
  /** What Envoy said itself: neither what filters logged, nor calls across the ABI. */
  readonly own: EnvoyLogEntry[] = [];
  /** The first lines of level error and above. */
  readonly problems: LogLine[] = [];
  /** The last lines, for messages. */
  readonly tail: string[] = [];
  /** Becomes 1 when the workers start. */
  readonly ready = new Tally();
  /** The highest marker that the admin interface has answered. */
  readonly marker = new Tally();
  private plugins: readonly Plugin[];
  private oldTraps = 0;

  constructor(plugins: readonly Plugin[]) {
    this.plugins = plugins;
  }

  /** Those that a configuration which is refused now can be refused for. */
  get newTraps(): readonly Trap[] {
    return this.traps.slice(this.oldTraps);
  }

  /** What was said so far is no cause of what is refused from now on. */
  beginUpdate(): void {
    this.problems.length = 0;
    this.oldTraps = this.traps.length;
  }

  /** Forgets what was said so far, by plugins that are gone. */
  begin(plugins: readonly Plugin[]): void {
    this.plugins = plugins;
    this.oldTraps = 0;
    this.trace.begin();
    for (const said of [this.own, this.entries, this.traps, this.problems, this.tail]) said.length = 0;
  }

  /** Plugins that may have something to say from now on, beside those that may have already. */
  expect(plugins: readonly Plugin[]): void {
    this.plugins = [...new Set([...plugins, ...this.plugins])];
  }

  add(text: string): void {
    const line = parseLogLine(text);
    if (line?.logger === "admin" && line.level === "debug") {
      this.marker.raiseTo(markerOf(line.text));
      return;
    }
    this.remember(line === null ? text : readable(line));
    if (line === null) return;
    if (line.level === "error" || line.level === "critical") this.noteProblem(line);
    if (line.logger === "wasm") return this.addWasm(line);
    this.addOwn(line);
    if (line.text === "all dependencies initialized. starting workers") this.ready.raiseTo(1);
  }

  private addOwn({ level, logger, text }: LogLine): void {
    this.own.push({ level, component: logger, message: text });
  }

  private addWasm(line: LogLine): void {
    this.trace.add(line);
    const entry = parseFilterLog(line, this.plugins);
    if (entry !== null) this.entries.push(entry);
    else if (!isOfFilters(line)) this.addOwn({ ...line, text: unmarked(line.text) });
    const trap = parseTrap(line, this.plugins);
    if (trap !== null) this.traps.push({ ...trap, reason: withLastWords(trap.reason, this.entries.at(-1)) });
  }

  private noteProblem(line: LogLine): void {
    if (this.problems.length < problemLimit) this.problems.push(line);
  }

  private remember(line: string): void {
    if (nativeFrame.test(line) || headerMap.test(line)) return;
    this.tail.push(line);
    if (this.tail.length > tailLength) this.tail.shift();
  }
}

function readable({ level, logger, text }: LogLine): string {
  return `${level} ${logger} ${logger === "wasm" ? text : normalised(text)}`;
}

/** A frame of Envoy's own stack after a crash: an address that says nothing to the reader. */
const nativeFrame = /^critical backtrace #\d+: |\(\+0x[0-9a-f]+\) \[0x/;

/** What Envoy says of its build at every start: hundreds of names that help nobody. */
const headerMap = /^info main (HTTP header map info:|(request|response) (header|trailer) map: )/;

/** The last parameter of a question to the admin interface, which ignores unknown ones. */
export const markerQuery = "marker=";

/** `[Tags: …] request complete: path: /ready?marker=7`, 0 for every other request. */
function markerOf(text: string): number {
  return Number(/[?&]marker=(\d+)$/.exec(text)?.[1] ?? 0);
}
