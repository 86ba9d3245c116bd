import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import type { HostState } from "../host/state.ts";
import type { World } from "./world.ts";

/**
 * What the guest reads after an operation's name: bytes, a 32-bit or 64-bit integer, a flag, an enum's value, UTF-16,
 * a list of bytes, or a script for later. What is for the model only is not written.
 */
export type Operand =
  | string
  | number
  | bigint
  | boolean
  | { readonly code: number }
  | { readonly text: string }
  | { readonly list: readonly string[] }
  | { readonly model: string }
  | { readonly steps: readonly Step[]; readonly first?: readonly Operand[] };

/** One thing that the guest is told to do: `Bytes.Equals` and its operands. */
export interface Step {
  readonly op: string;
  readonly operands: readonly Operand[];
}

/** An operation of the guest: what it can be told, and what it must report then; null when anything will do. */
export interface Operation {
  readonly name: string;
  readonly step: fc.Arbitrary<Step>;
  readonly expects: (world: World, said: string, operands: readonly Operand[]) => string | null;
}

type Expects<T> = (operands: T, world: World, said: string, state: HostState) => string | null;

/** Describes an operation by its operands and its model. */
export function operation<T extends readonly Operand[]>(
  name: string,
  operands: fc.Arbitrary<T>,
  expects: Expects<T> = () => null,
): Operation {
  return {
    name,
    step: operands.map((values) => ({ op: name, operands: values })),
    expects: (world, said, values) => expects(values as unknown as T, world, said, world.state),
  };
}

const folders = ["told", "wires"].map((name) => new URL(`../guests/${name}/`, import.meta.url));

/** The guest's enums, of which the numbers are: `BytesOp` has `["Equals", …]`. */
const enums: ReadonlyMap<string, readonly string[]> = new Map(
  folders
    .flatMap((folder) => readdirSync(folder).map((name) => new URL(name, folder)))
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/enum (\w+) \{([^}]*)\}/g)])
    .map(([, name = "", body = ""]) => [name, body.split(",").flatMap((each) => each.trim() || [])]),
);

/** The number of an enum's member. */
export function codeOf(name: string, member: string): number {
  const code = enums.get(name)?.indexOf(member) ?? -1;
  if (code < 0) throw new Error(`the guest has no ${name}.${member}`);
  return code;
}

/** Writes scripts for the guest, and knows which step a report is about. */
export class Scribe {
  private readonly told: { readonly step: Step; readonly message: number }[] = [];

  /** A script; its reports concern the request, 0, or the response, 1. */
  script(steps: readonly Step[], message = 0): string {
    return steps.map((step) => this.step(step, message)).join("");
  }

  /** The step that a report is about, and what it says. */
  read(report: string): { readonly step: Step; readonly message: number; readonly said: string } {
    const told = this.told[report.charCodeAt(0) | (report.charCodeAt(1) << 8)];
    if (told === undefined) throw new Error(`nobody asked for the report ${JSON.stringify(report)}`);
    return { ...told, said: report.slice(2) };
  }

  private step(step: Step, message: number): string {
    const [chapter = "", op = ""] = step.op.split(".");
    const prefix = chapter === "" ? "" : String.fromCharCode(...codesOf(chapter, op));
    return (
      this.number(step, message) + prefix + step.operands.map((each) => this.operand(each, message)).join("")
    );
  }

  private number(step: Step, message: number): string {
    const number = this.told.push({ step, message }) - 1;
    return String.fromCharCode(number & 0xff, number >> 8);
  }

  private operand(operand: Operand, message: number): string {
    if (typeof operand === "string") return int(operand.length) + operand;
    if (typeof operand === "number") return int(operand);
    if (typeof operand === "bigint") return long(operand);
    if (typeof operand === "boolean") return operand ? "\x01" : "\0";
    if ("code" in operand) return String.fromCharCode(operand.code);
    if ("model" in operand) return "";
    if ("text" in operand)
      return this.operand(Buffer.from(operand.text, "utf16le").toString("latin1"), message);
    if ("list" in operand)
      return int(operand.list.length) + operand.list.map((each) => this.operand(each, message)).join("");
    const { first, steps } = operand;
    const head = first === undefined ? "" : this.step({ op: ".", operands: first }, message);
    return this.operand(head + this.script(steps, message), message);
  }
}

function codesOf(chapter: string, op: string): number[] {
  const isMember = chapter === "Member" || chapter === "Element";
  const own = codeOf(isMember ? `${chapter}Getter` : `${chapter}Op`, op);
  return isMember || chapter === "Wire" ? [own] : [codeOf("Chapter", chapter), own];
}

function int(value: number): string {
  return String.fromCharCode(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);
}

function long(value: bigint): string {
  return int(Number(BigInt.asIntN(32, value))) + int(Number(BigInt.asIntN(32, value >> 32n)));
}
