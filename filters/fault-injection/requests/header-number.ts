import { Bytes, RequestHeaders } from "as-proxy-wasm";
import { headerValuesIgnored } from "../stats";

/** What `headerNumber` returns for a header that is absent or ignored. */
export const NO_NUMBER: i64 = -1;

const MOST_DIGITS = 18;

/** The whole number in a header; one that is malformed, repeated or out of range is ignored and counted. */
export function headerNumber(headers: RequestHeaders, name: Bytes, least: i64, most: i64): i64 {
  const values = headers.getAll(name);
  if (values.length == 0) return NO_NUMBER;
  const number = values.length == 1 ? parseDigits(values[0]) : NO_NUMBER;
  if (number >= least && number <= most) return number;
  headerValuesIgnored.increment();
  return NO_NUMBER;
}

function parseDigits(text: Bytes): i64 {
  if (text.length == 0 || text.length > MOST_DIGITS) return NO_NUMBER;
  let number: i64 = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] < 0x30 || text[i] > 0x39) return NO_NUMBER;
    number = number * 10 + (text[i] - 0x30);
  }
  return number;
}
