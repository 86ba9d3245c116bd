import { Action, StreamType } from "./abi/types";
import { addContext, findContext, removeContext } from "./contexts";
import { FilterStream } from "./filter-stream";
import { RequestHeaders } from "./http-fields";
import { HttpStream } from "./http-stream";
import { NetworkStream } from "./network-stream";
import { Refused, refuse } from "./refusals";
import { sendLocalReply } from "./streams";

/** Stands for a connection that the SDK does not know: lets everything pass. */
// @ts-ignore: decorator
@lazy
const UNKNOWN_CONNECTION = new NetworkStream();

/** Takes the place of a network filter that the proxy has among its HTTP filters: no request gets by unfiltered. */
class MisplacedNetworkFilter extends HttpStream {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    refuse(Refused.Misplaced, "a request", misplacement(this, "a network filter", "HTTP filters"));
    return sendLocalReply(this, 500, "network_filter_among_http_filters", null);
  }
}

/** Takes the place of an HTTP filter that the proxy has among its network filters. */
class MisplacedHttpFilter extends NetworkStream {
  onNewConnection(): Action {
    refuse(Refused.Misplaced, "a connection", misplacement(this, "an HTTP filter", "network filters"));
    return this.closeBy(StreamType.Downstream, "closeDownstream");
  }
}

/** The connection with this number; one that lets everything pass when there is none. */
export function connection(id: u32): NetworkStream {
  const context = findContext(id);
  if (context instanceof NetworkStream) return changetype<NetworkStream>(context);
  if (!(context instanceof FilterStream)) return UNKNOWN_CONNECTION;
  return replace(changetype<FilterStream>(context), new MisplacedHttpFilter());
}

/** What answers the requests of a filter that is none for HTTP. */
export function misplaced(filter: FilterStream): HttpStream {
  return replace(filter, new MisplacedNetworkFilter());
}

function replace<T extends FilterStream>(filter: FilterStream, stranger: T): T {
  stranger.contextId = filter.contextId;
  stranger.parentContextId = filter.parentContextId;
  stranger.basicPlugin = filter.basicPlugin;
  removeContext(filter.contextId);
  addContext(stranger);
  return stranger;
}

function misplacement(stream: FilterStream, what: string, where: string): string {
  return '"' + stream.basicPlugin.filterName + '" is ' + what + ", and the proxy has it among its " + where;
}
