import type { GuestCallout } from "./callouts.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { decodePairs } from "./pairs.ts";
import { Status } from "./status.ts";

/** What Envoy needs of a callout's headers. */
const required = [":method", ":path", ":authority"];

/** Chapter HTTP calls: callouts to the scenario's clusters, answered to the plugin's own context. */
export function httpCalls(guest: Guest): HostFunctions {
  const { vm } = guest;
  return {
    proxy_http_call(
      clusterAddress: number,
      clusterLength: number,
      headersAddress: number,
      headersLength: number,
      bodyAddress: number,
      bodyLength: number,
      trailersAddress: number,
      trailersLength: number,
      timeoutMs: number,
      tokenOut: number,
    ): Status {
      const cluster = guest.memory.read(clusterAddress, clusterLength);
      const headers = guest.memory.read(headersAddress, headersLength);
      const body = guest.memory.read(bodyAddress, bodyLength);
      const trailers = guest.memory.read(trailersAddress, trailersLength);
      const root = vm.context?.root;
      if (cluster === null || headers === null || body === null || trailers === null)
        return Status.InvalidMemoryAccess;
      const checked = guest.memory.writeU32(tokenOut, 0);
      if (checked !== Status.Ok) return checked;
      const upstream = vm.proxy.callouts.cluster(new TextDecoder().decode(cluster));
      const fields = decodePairs(headers);
      if (root === undefined || upstream === null || timeoutMs < 0) return Status.BadArgument;
      if (!required.every((name) => fields.has(name))) return Status.BadArgument;
      const callout: GuestCallout = {
        root,
        headers: fields,
        body,
        trailers: decodePairs(trailers),
        timeoutMs,
      };
      const token = vm.proxy.callouts.start(upstream, callout);
      return token === null ? Status.InternalFailure : guest.memory.writeU32(tokenOut, token);
    },
  };
}
