import { HarnessError } from "../errors.ts";
import { filterObjectFactory } from "./filter-objects.ts";
import { lifeSpanOf, stateOf } from "./filter-state.ts";
import { bytesIn, decodeFields, textIn } from "./protobuf.ts";
import { Status } from "./status.ts";
import type { Vm } from "./vm.ts";

/**
 * `set_envoy_filter_state`, beside the stream or the connection of the context that is in effect; null when that is done. Its
 * argument is a name, of what the object is made, and its life span. Source: Envoy, `SetEnvoyFilterStateArguments` and
 * `Context::setEnvoyFilterState` (wasm/context.cc).
 */
export function setEnvoyFilterState(argument: Uint8Array, vm: Vm): Status | null {
  const fields = decodeFields(argument);
  if (fields === null) return Status.BadArgument;
  const name = textIn(fields.get(1));
  const create = filterObjectFactory(name);
  if (create === null) return Status.NotFound;
  const said = bytesIn(fields.get(2));
  const object = create(said);
  if (object === null) return Status.BadArgument;
  const state = stateOf(vm.context);
  if (state === null) return Status.NotFound;
  refuseDetour(name, said, vm);
  state.set(name, object, lifeSpanOf(fields.get(3)));
  return null;
}

/** An object for which Envoy would connect to something else than the test's upstream, as long as it has not connected. */
function refuseDetour(name: string, said: Uint8Array, { plugin, callback, context, proxy }: Vm): void {
  const connection = context?.network?.connection ?? null;
  if (connection?.hasUpstream ?? context?.stream?.info.isRouted) return;
  const isCluster = name === "envoy.tcp_proxy.cluster" && connection !== null;
  const cluster = new TextDecoder().decode(said);
  const isDetour = isCluster
    ? cluster !== "upstream" && proxy.callouts.cluster(cluster) !== null
    : name === "envoy.network.transport_socket.http_11_proxy.info";
  if (!isDetour) return;
  throw new HarnessError(
    "unimplemented",
    `plugin "${plugin}" set ${name} in ${callback}: Envoy would connect to ${isCluster ? `the cluster "${cluster}"` : "that proxy"}, ` +
      "and the embedded backend connects to the test's upstream alone; run this test in a real Envoy (vitest --project envoy)",
  );
}
