import type { HostState } from "../host/state.ts";
import type { Operand } from "./steps.ts";

export type Direction = "downstream" | "upstream";

const buffers = { downstream: 2, upstream: 3 } as const;
const PAUSE = 1;

/** What a connection holds, as the host has it, and whether the guest may see it. */
export class WireModel {
  /** The connection is deleted. */
  isOver = false;
  private readonly state: HostState;
  private asked = 0;
  private readonly isShown = { downstream: false, upstream: false };

  constructor(state: HostState) {
    this.state = state;
  }

  /** Bytes have come; how many there are now. */
  receive(direction: Direction, bytes: string): number {
    this.look();
    const buffer = buffers[direction];
    this.state.buffers[buffer] += bytes;
    this.isShown[direction] = true;
    return this.state.buffers[buffer]?.length ?? 0;
  }

  /** The guest lets them go on, or holds them. */
  settle(direction: Direction, action: number): void {
    if (action !== PAUSE) this.state.buffers[buffers[direction]] = "";
    if (action !== PAUSE || direction === "upstream") this.hide(direction);
  }

  /** The guest is shown nothing of a direction any more. */
  hide(direction: Direction): void {
    this.isShown[direction] = false;
  }

  /** What was let go on, or has nobody to go to, is shown no more. */
  private look(): void {
    if (this.state.asked.length > this.asked) this.hide("downstream");
    const hasGoneOn = this.state.asked.slice(this.asked).includes("continue 2");
    if (hasGoneOn) this.state.buffers[buffers.downstream] = "";
    this.asked = this.state.asked.length;
  }

  /** What the guest must report; null when the host judges it. Called once it is done. */
  expects(op: string, [isUpstream, first, second]: readonly Operand[]): string | null {
    this.look();
    const direction = isUpstream === true ? "upstream" : "downstream";
    if (direction === "downstream" && this.state.answered.size > 0) return null; // nobody sends it on
    const there = this.isShown[direction] ? (this.state.buffers[buffers[direction]] ?? "") : "";
    if (op === "Size") return this.isOver ? null : String(there.length);
    if (op === "Read") return cut(there, Number(first), Number(second));
    return this.isShown[direction] ? null : "0";
  }
}

function cut(bytes: string, start: number, length: number): string {
  const from = Math.max(start, 0);
  return bytes.slice(from, from + Math.max(length, 0));
}
