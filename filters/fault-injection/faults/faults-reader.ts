import { JsonObject } from "as-proxy-wasm";
import { Abort } from "./abort";
import { Faults, Reset } from "./faults";
import { readDelay } from "../delays/delay-reader";

const RESETS = ["request", "response_headers", "response_body"];
/** One of these at most; each may have a delay before it. */
const EXCLUSIVE = ["abort", "reset", "pace", "truncate"];
const FASTEST: i64 = 1_000_000_000;
const LARGEST: i64 = 1_000_000_000_000;

/** Reads what a rule does to its requests. */
export function readFaults(json: JsonObject): Faults {
  const faults = new Faults(json.bytes("name"));
  if (json.has("delay")) faults.delay = readDelay(json.object("delay"));
  if (json.has("abort")) faults.abort = Abort.read(json.object("abort"));
  if (json.has("reset")) faults.reset = 1 + json.object("reset").oneOf("at", RESETS);
  if (json.has("pace")) faults.bytesPerSecond = json.object("pace").integer("bytes_per_second", 1, FASTEST);
  if (json.has("truncate")) faults.bodyBytes = json.object("truncate").integer("body_bytes", 0, LARGEST);
  refuseContradiction(json, faults);
  return faults;
}

/** An answer, a reset and what is done to the upstream's answer rule each other out. */
function refuseContradiction(json: JsonObject, faults: Faults): void {
  if (faults.isNothing) json.refuse("name", "must stand beside delay, abort, reset, pace or truncate");
  let others = 0;
  for (let i = 0; i < EXCLUSIVE.length; i++) {
    if (json.has(EXCLUSIVE[i]) && others++ > 0)
      json.refuse(EXCLUSIVE[i], "must not stand beside another of abort, reset, pace and truncate");
  }
}
