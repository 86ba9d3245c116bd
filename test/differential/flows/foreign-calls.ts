import { bytesField, varintField } from "../../../harness/src/embedded/protobuf.ts";
import type { Argument, Step } from "../program.ts";
import { step } from "./step.ts";

/** A message of protobuf, by the numbers of its fields: text, bytes or a number. */
export function message(fields: Readonly<Record<number, string | Uint8Array | number>>): Uint8Array {
  const encoded = Object.entries(fields).map(([number, value]) =>
    typeof value === "number"
      ? varintField(Number(number), value)
      : bytesField(Number(number), typeof value === "string" ? Buffer.from(value) : value),
  );
  return Buffer.concat(encoded);
}

export const call = (name: string, argument: Argument): Step =>
  step("proxy_call_foreign_function", name, argument);

/** No message of protobuf: a length that goes beyond the end. */
export const malformed = Buffer.of(0x0a, 0x7f, 0x61);
