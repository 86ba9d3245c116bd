import { HarnessError } from "../errors.ts";
import { concatBytes, noBytes } from "./body-buffer.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { withPortZero } from "./ip-addresses.ts";
import { Status } from "./status.ts";
import type { Vm } from "./vm.ts";

/** How many names a VM has asked for. Envoy's first token is 2. */
const asked = new WeakMap<Vm, number>();

/** What Envoy's resolver takes for a name; all else is refused at once. */
const hostname = /^[\w./*-]*$/;

/**
 * Chapter names, of Envoy alone: an address is answered by itself, before the host call has returned, and what is no name by
 * nothing. To look up a name there is nobody here: it fails the test.
 */
export function names(guest: Guest): HostFunctions {
  const { vm } = guest;
  return {
    envoy_resolve_dns(address: number, length: number, tokenOut: number): Status {
      const name = guest.memory.readOctets(address, length)?.replace(/\0.*$/s, "") ?? null;
      const root = vm.context?.root ?? null;
      if (name === null || root === null) return Status.InvalidMemoryAccess;
      const token = (asked.get(vm) ?? 1) + 1;
      asked.set(vm, token);
      const written = guest.memory.writeU32(tokenOut, token);
      if (written === Status.Ok) root.answerName(token, addressesOf(name, vm));
      return written;
    },
  };
}

/** Their number, how long each may be kept, in seconds, and each with a port and a NUL; nothing for what is no name. */
function addressesOf(name: string, vm: Vm): Uint8Array {
  const address = withPortZero(name);
  if (address === null && hostname.test(name)) throw nobodyToAsk(name, vm);
  if (address === null) return noBytes;
  return concatBytes([new Uint8Array(Uint32Array.of(1, 0).buffer), new TextEncoder().encode(`${address}\0`)]);
}

function nobodyToAsk(name: string, vm: Vm): HarnessError {
  return new HarnessError(
    "unimplemented",
    `plugin "${vm.plugin}" called envoy_resolve_dns in ${vm.callback} for the name "${name}": the embedded backend knows ` +
      "addresses only, run this test in a real Envoy (vitest --project envoy)",
  );
}
