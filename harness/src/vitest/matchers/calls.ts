import type { CallName, ValueName } from "../../module/abi-calls.ts";
import { nearest } from "../../nearest.ts";
import type { TranscriptEntry } from "../../transcript/entry.ts";
import { positionOf, signatures } from "../../transcript/signature.ts";
import { rangeValue } from "../../transcript/values.ts";
import { differencesBy, textOf } from "./subset.ts";

/**
 * What is wanted of a call: what it was given and what the host wrote, by the names of `ValueName`, and beside these its result,
 * plugin, context and trap. Each is as it is, bytes also as a `Uint8Array`, or as `expect.stringMatching` and its like have it.
 *
 * @category Write tests
 */
export type CallWanted<Name extends CallName> = Readonly<
  Partial<Record<ValueName<Name> | (typeof outcomes)[number], unknown>>
>;

/**
 * A call by its name, or with what is wanted of it.
 *
 * @category Write tests
 */
export type CallStep =
  CallName | { [Name in CallName]: readonly [name: Name, wanted: CallWanted<Name>] }[CallName];

const outcomes = ["result", "plugin", "contextId", "trap"] as const;

/** A call that is looked for. */
export class WantedCall {
  readonly name: string;
  private readonly wanted: Readonly<Record<string, unknown>>;
  private readonly differences: (seen: unknown, wanted: unknown, path: string) => string[];

  constructor(name: string, wanted: object, equals: (seen: unknown, wanted: unknown) => boolean) {
    this.name = name;
    this.wanted = Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, asSeen(value)]));
    this.differences = differencesBy(equals);
  }

  /** What is wrong with it whatever was called: the ABI has no such name, or the call no such value. */
  get mistake(): string | null {
    const signature = signatures[positionOf(this.name) ?? -1];
    if (signature === undefined) {
      const names = signatures.map(({ name }) => name);
      return `the ABI has no ${this.name}${hint(nearest(this.name, names))}`;
    }
    const known = [...signature.parameters.map(({ name }) => name), ...outcomes];
    const unknown = Object.keys(this.wanted).find((key) => !known.includes(key));
    if (unknown === undefined) return null;
    return `${this.name} has no ${unknown}${hint(nearest(unknown, known))}; it has ${known.join(", ")}`;
  }

  isMetBy(entry: TranscriptEntry): boolean {
    return entry.name === this.name && this.differencesFrom(entry).length === 0;
  }

  /** A line for each value that is not as it is wanted. */
  differencesFrom({ arguments: given, outputs, ...entry }: TranscriptEntry): string[] {
    return this.differences({ ...entry, ...given, ...outputs }, this.wanted, "");
  }

  toString(): string {
    return Object.keys(this.wanted).length === 0
      ? this.name
      : cut(`${this.name} with ${textOf(this.wanted)}`);
  }
}

const lineLength = 300;

/** A line that can be read. */
export function cut(line: string): string {
  return line.length > lineLength ? `${line.slice(0, lineLength)}…` : line;
}

/** `: did you mean X?` */
export function hint(close: string | null): string {
  return close === null ? "" : `: did you mean ${close}?`;
}

function asSeen(value: unknown): unknown {
  return value instanceof Uint8Array ? rangeValue("bytes", value, value.length) : value;
}
