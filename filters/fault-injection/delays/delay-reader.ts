import { JsonObject } from "as-proxy-wasm";
import { Delay, ExponentialDelay, FixedDelay, NormalDelay, UniformDelay } from "./delay";

/** An hour: what is held longer is given up by everybody. */
export const LONGEST_MS: i64 = 3_600_000;

const KINDS = ["fixed_ms", "uniform", "exponential", "normal"];

/** Reads the delay of a rule. */
export function readDelay(json: JsonObject): Delay {
  switch (json.oneKeyOf(KINDS)) {
    case 1:
      return readUniform(json.object("uniform"));
    case 2:
      return readExponential(json.object("exponential"));
    case 3:
      return readNormal(json.object("normal"));
    default:
      return new FixedDelay(readMs(json, "fixed_ms", 1));
  }
}

function readUniform(json: JsonObject): Delay {
  const from = readMs(json, "from_ms", 0);
  return new UniformDelay(from, readMs(json, "to_ms", max<i64>(from, 1)));
}

function readExponential(json: JsonObject): Delay {
  const mean = readMs(json, "mean_ms", 1);
  return new ExponentialDelay(mean, readMs(json, "max_ms", mean));
}

function readNormal(json: JsonObject): Delay {
  const mean = readMs(json, "mean_ms", 0);
  const stddev = readMs(json, "stddev_ms", 1);
  return new NormalDelay(mean, stddev, readMs(json, "max_ms", max<i64>(mean, 1)));
}

function readMs(json: JsonObject, key: string, least: i64): u32 {
  return <u32>json.integer(key, least, LONGEST_MS);
}
