import { Bytes } from "./bytes";
import { getProperty } from "./properties";

/**
 * The integer, time or duration at a path; `absent` when there is none, or something else.
 *
 * @category Properties
 */
export function integerAt(path: Bytes, absent: i64): i64 {
  const value = getProperty(path);
  return value !== null && value.length == 8 ? load<i64>(value.start) : absent;
}

/**
 * The number with a fraction at a path; `absent` when there is none, or something else.
 *
 * @category Properties
 */
export function doubleAt(path: Bytes, absent: f64): f64 {
  const value = getProperty(path);
  return value !== null && value.length == 8 ? load<f64>(value.start) : absent;
}

/**
 * The boolean at a path; `absent` when there is none, or something else.
 *
 * @category Properties
 */
export function booleanAt(path: Bytes, absent: bool): bool {
  const value = getProperty(path);
  return value !== null && value.length == 1 ? value[0] != 0 : absent;
}
