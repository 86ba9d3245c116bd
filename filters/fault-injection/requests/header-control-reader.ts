import { Fraction, JsonObject, readCondition } from "as-proxy-wasm";
import { HeaderControl } from "./header-control";
import { LONGEST_MS } from "../delays/delay-reader";

const FASTEST_KIB: i64 = 1_000_000;

/** Reads what requests may ask for. */
export function readHeaderControl(json: JsonObject): HeaderControl {
  const control = new HeaderControl();
  if (json.has("when")) control.when = readCondition(json, "when");
  if (json.has("delay")) readDelay(control, json.object("delay"));
  if (json.has("abort")) readAbort(control, json.object("abort"));
  if (json.has("pace")) readPace(control, json.object("pace"));
  return control;
}

function readDelay(control: HeaderControl, json: JsonObject): void {
  control.maxDelayMs = json.integer("max_ms", 1, LONGEST_MS);
  control.delayPercent = Fraction.readOrAll(json, "percent");
}

function readAbort(control: HeaderControl, json: JsonObject): void {
  control.mayAbort = true;
  control.abortPercent = Fraction.readOrAll(json, "percent");
}

function readPace(control: HeaderControl, json: JsonObject): void {
  control.leastKibPerSecond = json.integer("least_kib_per_second", 1, FASTEST_KIB);
  control.pacePercent = Fraction.readOrAll(json, "percent");
}
