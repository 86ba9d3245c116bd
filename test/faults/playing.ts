import type { StartedProxy } from "proxy-wasm-harness";
import { filterTest, type FilterTest, type FilterTestOptions } from "proxy-wasm-harness/vitest";
import type { PlayerName } from "../differential/player.ts";
import { assembled, type Program, type Step } from "../differential/program.ts";
import { readable } from "../differential/said.ts";
import { guest } from "../guests/guest.ts";

export { step } from "../differential/flows/step.ts";

/** An address that is in no memory. */
export const nowhere = 0xffff_fff0;

/** A program of host calls without an SDK, which would refuse some of them. */
export interface Playing {
  readonly test: FilterTest;
  /** The host calls that were made so far, each with what it was answered. */
  said(proxy: StartedProxy): Promise<string[]>;
}

/** What else there is, and the module that plays. Default `plays`. */
interface PlayingOptions extends FilterTestOptions {
  readonly player?: PlayerName;
}

/** Makes tests of a filter that plays a program. */
export function playing(program: Program, { player = "plays", ...options }: PlayingOptions = {}): Playing {
  const { bytes, steps } = assembled(program);
  return {
    test: filterTest(guest(player), bytes, options),
    async said(proxy) {
      await proxy.settled();
      const lines = readable(
        proxy.logs.map(({ message }) => message),
        [steps],
      );
      return lines.filter((line) => line.startsWith("  ")).map((line) => line.trimStart());
    },
  };
}

/** Makes these host calls in the callback for the first request's headers. */
export function playingOnce(steps: readonly Step[], options: FilterTestOptions = {}): Playing {
  return playing({ proxy_on_request_headers: { steps } }, options);
}

/** Text of one character a byte. */
export function latin1(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString("latin1");
}
