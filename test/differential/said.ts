import { callbackNames, crossingsOf, resultOf, spaceOf } from "./abi.ts";
import type { Argument, Step } from "./program.ts";

/** The steps of each player's program, by the addresses that it logs. */
export type StepsOfPlayers = ReadonlyArray<ReadonlyMap<number, Step>>;

const statuses = [
  ...["Ok", "NotFound", "BadArgument", "SerializationFailure", "ParseFailure", "BadExpression"],
  ...["InvalidMemoryAccess", "Empty", "CasMismatch", "ResultMismatch", "InternalFailure", "BrokenConnection"],
  "Unimplemented",
];

/** The calls whose answer is another one in each run, but for its status. */
const varying = [
  /^(proxy_get_current_time_nanoseconds|clock_time_get|random_get)\(/,
  /^proxy_get_property\("(request\\u0000duration|response\\u0000(backend_latency|headers_bytes|total_size))"/,
  /^proxy_get_property\("response\\u0000headers"/,
];

/** What is known as soon as the connection to the upstream is there, which may be before or after a callback. */
const racing = /^proxy_get_property\("(upstream_filter_state|upstream\\u0000cx_pool_ready_duration)"/;

/**
 * Lines that the player logged, as one reads them, among those of others. Counts of changes of shared data, which Envoy
 * counts for all who run in it, are told by the order in which they appear, and queues, which it counts so too, not at all.
 */
export function readable(lines: readonly string[], steps: StepsOfPlayers): string[] {
  const seen: string[] = [];
  const ordinal = (count: string): string => {
    if (!seen.includes(count)) seen.push(count);
    return `cas ${seen.indexOf(count) + 1}`;
  };
  return lines.map((line) => {
    const said = readableLine(line.replace(/^info /, ""), steps) ?? line;
    return said
      .replace(/(?<=proxy_get_shared_data\(.*\) → Ok )\d+/, ordinal)
      .replace(/(?<=_shared_queue\(.*\) → Ok )\d+|(?<=proxy_on_queue_ready\(1, )\d+/, "queue");
  });
}

/** Null of a line that is not a player's. */
function readableLine(line: string, players: StepsOfPlayers): string | null {
  const [letter, ...words] = line.split(" ");
  const [player = 0, ...numbers] = words.map((word) => Number.parseInt(word, 16) | 0);
  const steps = players[player] ?? new Map<number, Step>();
  const who = players.length === 1 ? "" : `${player}: `;
  if (letter === "c") return who + callbackLine(numbers);
  return letter === "h" ? who + hostCallLine(numbers, words[9] ?? "", steps) : null;
}

function callbackLine([index = 0, ...parameters]: readonly number[]): string {
  return `${callbackNames[index] ?? "an unknown callback"}(${parameters.join(", ")})`;
}

function hostCallLine(numbers: readonly number[], hex: string, steps: ReadonlyMap<number, Step>): string {
  const [, address = 0, status = 0, first, second, high, low, areBytesUnwritten] = numbers;
  const step = steps.get(address);
  if (step === undefined) return `an unknown step at ${address}`;
  const crossings = crossingsOf(step.call);
  const counted = crossings.filter((crossing) => crossing === "numberOut").length;
  const out = [
    ...[first, second].slice(0, counted),
    ...(crossings.includes("longOut") ? [`${high}:${low}`] : []),
    ...(crossings.includes("bytesOut")
      ? [areBytesUnwritten === 1 ? "unwritten" : shown(step, Buffer.from(hex, "hex"))]
      : []),
  ];
  const answer = varying.some((call) => call.test(shownStep(step))) ? "…" : withoutVarying(out.join(" "));
  if (racing.test(shownStep(step))) return `  ${shownStep(step)} …`;
  return `  ${shownStep(step)} → ${saidOf(step, status)} ${answer}`.trimEnd();
}

function saidOf({ call }: Step, status: number): string {
  if (resultOf(call) === "none") return "nothing";
  return spaceOf(call) === "env" ? (statuses[status] ?? String(status)) : `errno ${status}`;
}

/** Pairs as such; those of a property are in the order of a hash. */
function shown({ call, with: [first] }: Step, bytes: Buffer): string {
  if (bytes.length === 0) return quoted(bytes);
  if (call === "proxy_get_header_map_pairs") return JSON.stringify(decodedPairs(bytes));
  const isMap =
    call === "proxy_get_property" && /^(request|response)\0(headers|trailers)$/.test(String(first));
  return isMap ? JSON.stringify(decodedPairs(bytes).map(String).sort()) : quoted(bytes);
}

function decodedPairs(bytes: Buffer): string[][] {
  const count = bytes.readUInt32LE(0);
  let at = 4 + 8 * count;
  const text = (length: number): string => bytes.toString("latin1", at, (at += length + 1) - 1);
  return Array.from({ length: count }, (_, i) => [
    text(bytes.readUInt32LE(4 + 8 * i)),
    text(bytes.readUInt32LE(8 + 8 * i)),
  ]);
}

/**
 * What is another one in each run: dates, request ids, times and ports, and whether a request had come as a whole when a
 * reply was sent, for Envoy closes the connection otherwise.
 */
function withoutVarying(text: string): string {
  return text
    .replaceAll(/\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/g, "…date")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "…id")
    .replaceAll(',["connection","close"]', "")
    .replaceAll(/("x-envoy-upstream-service-time",)"\d+"/g, '$1"…"')
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:…");
}

/** `proxy_get_header_map_value(0, "x-a")` */
export function shownStep(step: Step): string {
  return `${step.call}(${step.with.map(shownArgument).join(", ")})`;
}

function shownArgument(argument: Argument): string {
  if (typeof argument === "number") return String(argument);
  if (typeof argument === "string") return quoted(Buffer.from(argument, "latin1"));
  if (argument instanceof Uint8Array) return quoted(argument);
  return JSON.stringify(argument);
}

function quoted(bytes: Uint8Array): string {
  const text = JSON.stringify(Buffer.from(bytes).toString("latin1"));
  return text.length > 400 ? `${text.slice(0, 200)}… (${bytes.length} bytes)` : text;
}
