import { counted } from "./counted.ts";
import { AllocatorFaults } from "./embedded/allocator-fault.ts";
import { HarnessError } from "./errors.ts";
import { abiEnums, type ErrnoName, type StatusName } from "./module/abi-enums.ts";
import type { CallbackName, CallName, HostCallName } from "./module/abi-calls.ts";
import { suggestion } from "./nearest.ts";
import { callbackNames, hostCallNames, positionOf, signatures } from "./transcript/signature.ts";

/**
 * Which calls a fault strikes.
 *
 * @category Send and receive
 */
export interface FaultOptions {
  /** Only the n-th call since the fault was set, of all plugins of the proxy; 1 is the next one. Default: every call. */
  readonly nth?: number;
}

/**
 * What the host answers in the place of a host call, which is not done.
 *
 * @category Send and receive
 */
export interface HostCallFault extends FaultOptions {
  /** A status of the ABI, or of a function of WASI its error. Refused when it stands for success. */
  readonly status: StatusName | ErrnoName;
}

/** Why a callback traps that was told to. */
export const trapReason = "a fault that the test has set";

interface Fault {
  readonly name: CallName;
  readonly position: number;
  /** Null for a trap. */
  readonly status: { readonly name: string; readonly number: number } | null;
  readonly nth: number | null;
  calls: number;
  strikes: number;
}

/**
 * What is to go wrong in the filters of a proxy, from now on. Every method is refused with `unsupported` in a real Envoy, and
 * with `invalid_input` and the nearest name for what the ABI does not have. Of several faults at one call the first that
 * strikes does.
 *
 * @category Send and receive
 */
export class Faults {
  /** Allocations for the host that fail. @internal */
  readonly allocator = new AllocatorFaults();
  private readonly faults: Fault[] = [];

  /** Lets a host call answer this status, without doing anything. */
  hostCall(name: HostCallName, { status, nth }: HostCallFault): void {
    const position = positionIn(hostCallNames, name);
    this.add({ name, position, status: statusOf(position, name, status), nth: checked(nth) });
  }

  /** Lets a callback trap as it begins; a callback that the filter does not have cannot. */
  trap(name: CallbackName, { nth }: FaultOptions = {}): void {
    this.add({ name, position: positionIn(callbackNames, name), status: null, nth: checked(nth) });
  }

  /** Takes all faults back, the ones that have struck too. */
  clear(): void {
    this.faults.length = 0;
  }

  /** The faults that have not struck, and how often what they wait for was called: `proxy_log → Empty, call 3: 1 call so far`. */
  get unmet(): readonly string[] {
    return this.faults.filter(({ strikes }) => strikes === 0).map(textOf);
  }

  /** How often they have struck. @internal */
  get strikes(): number {
    return this.faults.reduce((sum, { strikes }) => sum + strikes, 0);
  }

  /** The number that a host call answers in the place of what it would do, or null. @internal */
  answerTo(position: number): number | null {
    return this.faults.length === 0 ? null : (this.strike(position)?.status?.number ?? null);
  }

  /** Why a callback traps as it begins, or null. @internal */
  trapIn(position: number): string | null {
    if (this.faults.length === 0) return null;
    return this.strike(position) === null ? null : trapReason;
  }

  private add(fault: Omit<Fault, "calls" | "strikes">): void {
    this.faults.push({ ...fault, calls: 0, strikes: 0 });
  }

  private strike(position: number): Fault | null {
    const waiting = this.faults.filter((fault) => fault.position === position);
    for (const fault of waiting) fault.calls++;
    const struck = waiting.find(({ nth, calls }) => nth === null || nth === calls) ?? null;
    if (struck !== null) struck.strikes++;
    return struck;
  }
}

function positionIn(known: readonly CallName[], name: CallName): number {
  const position = known.includes(name) ? positionOf(name) : null;
  if (position !== null) return position;
  throw unknown(`proxy.faults: there is no ${name} here`, name, known);
}

function statusOf(position: number, call: string, wanted: string): NonNullable<Fault["status"]> {
  const { result = "none" } = signatures[position] ?? {};
  const named = Object.entries(abiEnums[result] ?? {}).filter(([number]) => number !== "0");
  const found = named.find(([, name]) => name === wanted);
  if (found !== undefined) return { name: wanted, number: Number(found[0]) };
  if (named.length === 0) throw new HarnessError("invalid_input", `proxy.faults: ${call} answers no status`);
  const names = named.map(([, name]) => name);
  throw unknown(`proxy.faults: ${call} cannot fail with ${wanted}`, wanted, names);
}

function checked(nth: number | undefined): number | null {
  if (nth === undefined || (Number.isSafeInteger(nth) && nth > 0)) return nth ?? null;
  throw new HarnessError("invalid_input", `proxy.faults: nth: ${nth} is not one of 1, 2, 3, …`);
}

function unknown(what: string, name: string, known: readonly string[]): HarnessError {
  return new HarnessError("invalid_input", `${what}: ${suggestion(name, known)}`);
}

function textOf({ name, status, nth, calls }: Fault): string {
  const when = nth === null ? "" : `, call ${nth}`;
  return `${name} → ${status?.name ?? "trap"}${when}: ${counted(calls, "call")} so far`;
}
