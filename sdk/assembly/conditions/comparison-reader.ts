import { Bytes, utf8 } from "../bytes";
import { Comparison, Look } from "./comparison";
import { isHeaderValue } from "../http-fields/syntax";
import { JsonObject } from "../json/object";
import { LARGEST_INTEGER } from "../json/numbers";
import { RegularExpression } from "../regular-expressions/regular-expression";

// @ts-ignore: decorator
@lazy
const LOOKS = ["exact", "prefix", "suffix", "contains", "regex", "present", "range", "one_of", "element"];

/**
 * Reads the comparison that an object has beside other keys: exactly one of `exact`, `prefix`, `suffix`, `contains`,
 * `regex`, `present`, `range`, `one_of` and `element`, and perhaps `ignore_case`.
 *
 * @category Conditions
 */
export function readComparison(json: JsonObject): Comparison {
  const look: Look = json.oneKeyOf(LOOKS);
  if (look == Look.Present) return readPresence(json);
  if (look == Look.Range) return readRange(json.object("range"));
  const ignoresCase = json.booleanOr("ignore_case", false);
  if (look == Look.OneOf) return readChoices(json, ignoresCase);
  const operand = readOperand(json, look);
  if (look != Look.Regex) return new Comparison(look, operand, ignoresCase);
  const expression = RegularExpression.parse(operand, ignoresCase);
  const problem = expression.problem;
  if (problem !== null) json.refuse("regex", problem);
  return new Comparison(look, operand, ignoresCase, expression);
}

function readPresence(json: JsonObject): Comparison {
  if (!json.boolean("present")) json.refuse("present", "must be true; for an absent one say invert");
  return new Comparison(Look.Present, Bytes.EMPTY, false);
}

function readRange(json: JsonObject): Comparison {
  const comparison = new Comparison(Look.Range, Bytes.EMPTY, false);
  comparison.from = json.integer("from", -LARGEST_INTEGER, LARGEST_INTEGER);
  comparison.to = json.integer("to", -LARGEST_INTEGER, LARGEST_INTEGER);
  if (comparison.to <= comparison.from) json.refuse("to", "must be more than from: the range ends before it");
  return comparison;
}

function readChoices(json: JsonObject, ignoresCase: bool): Comparison {
  const comparison = new Comparison(Look.OneOf, Bytes.EMPTY, ignoresCase);
  const choices = json.array("one_of");
  if (choices.length == 0) choices.refuse("must not be empty");
  for (let i = 0; i < choices.length; i++) {
    const choice = choices.bytes(i);
    if (!isHeaderValue(choice)) choices.refuseElement(i, "must not hold CR, LF or NUL");
    comparison.choices.push(choice);
  }
  return comparison;
}

function readOperand(json: JsonObject, look: Look): Bytes {
  const key = LOOKS[look];
  const operand = json.bytes(key);
  if (!isHeaderValue(operand)) json.refuse(key, "must not hold CR, LF or NUL");
  if (look == Look.Element && !isElement(operand))
    json.refuse(
      key,
      "must be one element of a list: not empty, without comma and without blanks at its ends",
    );
  const isPiece = look == Look.Prefix || look == Look.Suffix || look == Look.Contains;
  if (isPiece && operand.length == 0) json.refuse(key, "must not be empty: say present");
  return operand;
}

function isElement(text: Bytes): bool {
  const isTrimmed = text.trim().length == text.length;
  return text.length > 0 && isTrimmed && text.indexOf(utf8(",")) < 0;
}
