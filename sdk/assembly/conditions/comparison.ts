import { Bytes } from "../bytes";
import { wholeNumber } from "../bytes/numbers";
import { holdsElement, holdsIgnoringCase } from "./text-search";
import { RegularExpression } from "../regular-expressions/regular-expression";

/**
 * How a value is looked at; the order is that of the keys in the JSON.
 *
 * @category Conditions
 */
export enum Look {
  /** Is the text, byte by byte. */
  Exact,
  /** Begins with the text. */
  Prefix,
  /** Ends with the text. */
  Suffix,
  /** Holds the text. */
  Contains,
  /** Matches the expression as a whole. */
  Regex,
  /** Is there, whatever it is. */
  Present,
  /** Is a whole number in the range. */
  Range,
  /** Is one of the choices. */
  OneOf,
  /** Is a comma-separated list that holds the text. */
  Element,
}

/**
 * What a value is compared with, and how. Source: `as-proxy-wasm/schemas/condition.schema.json`.
 *
 * @category Conditions
 */
export class Comparison {
  /** The value must be one of these. */
  readonly choices: Bytes[] = [];
  /** The value must be a number from this one on. */
  from: i64 = 0;
  /** The value must be a number below this one. */
  to: i64 = 0;

  constructor(
    /** How it is looked at. */
    readonly look: Look,
    /** The text of a comparison that has one. */
    readonly operand: Bytes,
    /** Whether ASCII letters in either case are the same. */
    readonly ignoresCase: bool,
    /** The expression of a comparison that has one. */
    readonly expression: RegularExpression | null = null,
  ) {}

  /** Whether a value satisfies it. */
  satisfiedBy(value: Bytes): bool {
    switch (this.look) {
      case Look.Exact:
        return this.equals(value, this.operand);
      case Look.Prefix:
        return this.equals(value.slice(0, this.operand.length), this.operand);
      case Look.Suffix:
        return (
          value.length >= this.operand.length &&
          this.equals(value.slice(value.length - this.operand.length), this.operand)
        );
      case Look.Contains:
        return this.isHeldBy(value);
      case Look.Range:
        return this.isInRange(value.trim());
      case Look.OneOf:
        return this.isChoice(value);
      case Look.Element:
        return holdsElement(value, this.operand, this.ignoresCase);
      case Look.Regex: {
        const expression = this.expression;
        return expression !== null && expression.matches(value);
      }
      default:
        return true;
    }
  }

  /** The same comparison, with ASCII letters in either case. */
  ignoringCase(): Comparison {
    if (this.ignoresCase) return this;
    const expression = this.look == Look.Regex ? RegularExpression.parse(this.operand, true) : null;
    const copy = new Comparison(this.look, this.operand, true, expression);
    for (let i = 0; i < this.choices.length; i++) copy.choices.push(this.choices[i]);
    copy.from = this.from;
    copy.to = this.to;
    return copy;
  }

  private equals(value: Bytes, operand: Bytes): bool {
    return this.ignoresCase ? value.equalsIgnoreCase(operand) : value.equals(operand);
  }

  private isHeldBy(value: Bytes): bool {
    return this.ignoresCase ? holdsIgnoringCase(value, this.operand) : value.indexOf(this.operand) >= 0;
  }

  private isChoice(value: Bytes): bool {
    for (let i = 0; i < this.choices.length; i++) {
      if (this.equals(value, this.choices[i])) return true;
    }
    return false;
  }

  private isInRange(value: Bytes): bool {
    const isNegative = value[0] == 0x2d;
    const digits = isNegative || value[0] == 0x2b ? value.slice(1) : value;
    const number = wholeNumber(digits);
    if (number < 0) return false;
    const signed = isNegative ? -number : number;
    return signed >= this.from && signed < this.to;
  }
}
