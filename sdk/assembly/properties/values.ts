import { Bytes } from "../bytes";
import { getProperty } from "../properties";

/**
 * The integer at a path, a time or a duration in nanoseconds; `absent` when there is none, or something else. Valid in
 * every callback, as `getProperty`.
 *
 * @category Properties
 */
export function integerAt(path: Bytes, absent: i64): i64 {
  const value = getProperty(path);
  return value !== null && value.length == 8 ? load<i64>(value.start) : absent;
}

/**
 * The number with a fraction at a path; `absent` when there is none, or something else. Valid as `getProperty` is.
 *
 * @category Properties
 */
export function doubleAt(path: Bytes, absent: f64): f64 {
  const value = getProperty(path);
  return value !== null && value.length == 8 ? load<f64>(value.start) : absent;
}

/**
 * The boolean at a path; `absent` when there is none, or something else. Valid as `getProperty` is.
 *
 * @category Properties
 */
export function booleanAt(path: Bytes, absent: bool): bool {
  const value = getProperty(path);
  return value !== null && value.length == 1 ? value[0] != 0 : absent;
}
