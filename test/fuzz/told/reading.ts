import fc from "fast-check";
import { acceptedJson, type Json, writtenJson } from "./json-model.ts";
import { jsonText, numberText } from "./json-texts.ts";
import { protobufOperations } from "./protobuf.ts";
import { configuration } from "./recipes.ts";
import { operation } from "./steps.ts";

const noInteger = String(-(2n ** 63n));

/** What reads texts and messages. */
export const readingOperations = [
  operation("Reading.Json", fc.tuple(jsonText), ([text], _, said) => {
    const json = acceptedJson(text);
    if (json === null || said === "refused") return json === null ? "refused" : writtenJson(json);
    return writtenJson(json) === inOneSpelling(said) ? said : writtenJson(json);
  }),
  operation("Reading.Integer", fc.tuple(numberText), ([text], _, said) => integer(text, said)),
  configuration,
  ...protobufOperations,
];

/** The guest's numbers are as the text has them; members that look like numbers stand in their order here, too. */
function inOneSpelling(said: string): string {
  return rewritten(JSON.parse(said) as Json);
}

function rewritten(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(rewritten).join(",")}]`;
  const members = Object.entries(value as object) as [string, Json][];
  return `{${members.map(([key, each]) => `${JSON.stringify(key)}:${rewritten(each)}`).join(",")}}`;
}

/** The integer that a number stands for; one of more than 16 digits may count as none. */
function integer(text: string, said: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const scale = Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  const isLong = (whole + fraction).replace(/^0+/, "").length > 16;
  if (isLong && said === noInteger) return noInteger;
  if (digits === 0n) return "0";
  if (Math.abs(scale) > 40) return noInteger;
  const power = 10n ** BigInt(Math.abs(scale));
  const value = scale < 0 ? (digits % power === 0n ? digits / power : null) : digits * power;
  if (value === null || value > 2n ** 53n - 1n) return noInteger;
  return sign + String(value);
}
