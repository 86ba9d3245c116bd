import {
  callbacks,
  hostCalls,
  wasiCalls,
  type CallbackName,
  type CallName,
  type HostCallName,
} from "../module/abi-calls.ts";

/** One value of a call. */
export interface Parameter {
  readonly name: string;
  /** As `abi-calls.ts` lists them. */
  readonly type: string;
  /** The position of its number, or of its first one, among those of the call. */
  readonly slot: number;
  /** Whether the host writes it. */
  readonly isOutput: boolean;
}

/** What a call is given and answers. */
export interface Signature {
  readonly kind: "callback" | "host_call";
  readonly name: CallName;
  readonly parameters: readonly Parameter[];
  /** The type of what it returns; `none` for nothing. */
  readonly result: string;
}

const ranged: ReadonlySet<string> = new Set(["bytes", "path", "pairs", "room"]);

/** Whether it is an address and a length. */
export function isRange({ type }: Parameter): boolean {
  return ranged.has(type);
}

/** Every signature, at a position that stays the same while the process runs. */
export const signatures: readonly Signature[] = [
  ...signaturesIn(callbacks, "callback", "none"),
  ...signaturesIn(hostCalls, "host_call", "Status"),
  ...signaturesIn(wasiCalls, "host_call", "Errno"),
];

const positions: ReadonlyMap<string, number> = new Map(signatures.map(({ name }, i) => [name, i]));

/** Where a call's signature is in `signatures`; null when the ABI has no such name. */
export function positionOf(name: string): number | null {
  return positions.get(name) ?? null;
}

/** The names of all host calls. */
export const hostCallNames = namesOf("host_call") as readonly HostCallName[];
/** The names of all callbacks. */
export const callbackNames = namesOf("callback") as readonly CallbackName[];

function namesOf(kind: Signature["kind"]): CallName[] {
  return signatures.filter((signature) => signature.kind === kind).map(({ name }) => name);
}

function signaturesIn(
  lines: Readonly<Record<string, string>>,
  kind: Signature["kind"],
  otherwise: string,
): Signature[] {
  return Object.entries(lines).map(([name, line]) => {
    const [given = "", result = otherwise] = line.split(/ ?-> /);
    return { kind, name: name as CallName, parameters: parametersOf(given), result };
  });
}

function parametersOf(given: string): Parameter[] {
  let slot = 0;
  return given
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => {
      const [name = "", type = ""] = word.replace(/^>/, "").split(":");
      const parameter = { name, type, slot, isOutput: word.startsWith(">") };
      slot += ranged.has(type) ? 2 : 1;
      return parameter;
    });
}
