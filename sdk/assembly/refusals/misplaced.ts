import { Action, StreamType } from "../abi/types";
import { Bytes, utf8 } from "../bytes";
import { ContextKind, findContext, removeContext } from "../contexts";
import { runAs } from "../effective-context";
import { FilterStream, openStream } from "../filter-stream";
import { RequestHeaders } from "../http-fields";
import { HttpStream } from "../http/stream";
import { logError } from "../logging";
import { NetworkStream } from "../network/stream";
import { Refused, refuse } from "../refusals";
import { sendLocalReply } from "../streams";

let isNoAccessLogger = false;
let isNoFilter = false;

/** Takes the place of a network filter that the proxy has among its HTTP filters: no request gets by unfiltered. */
class MisplacedNetworkFilter extends HttpStream {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const reason = misplacement(this, utf8("a network filter"), utf8("HTTP filters"));
    refuse(Refused.Misplaced, utf8("a request"), reason);
    return sendLocalReply(this, 500, utf8("network_filter_among_http_filters"), null);
  }
}

/** Takes the place of an HTTP filter that the proxy has among its network filters. */
class MisplacedHttpFilter extends NetworkStream {
  onNewConnection(): Action {
    const reason = misplacement(this, utf8("an HTTP filter"), utf8("network filters"));
    refuse(Refused.Misplaced, utf8("a connection"), reason);
    return this.closeBy(StreamType.Downstream, utf8("closeDownstream"));
  }
}

/** The connection with this number; null when the SDK does not know it, and lets everything pass. */
export function connection(id: u32): NetworkStream | null {
  const context = findContext(id);
  if (context === null || context.kind == ContextKind.Plugin) return null;
  if (context.kind == ContextKind.Connection) return changetype<NetworkStream>(context);
  makeWay(changetype<FilterStream>(context), idof<MisplacedHttpFilter>());
  return new MisplacedHttpFilter();
}

/** What answers the requests of a filter that is none for HTTP. */
export function misplaced(filter: FilterStream): HttpStream {
  makeWay(filter, idof<MisplacedNetworkFilter>());
  return new MisplacedNetworkFilter();
}

/** Lets the stream of this class that is made next take the place of a filter. */
function makeWay(filter: FilterStream, classId: u32): void {
  removeContext(filter.contextId);
  runAs(filter.contextId);
  openStream(filter.basicPlugin, filter.parentContextId, classId);
}

function misplacement(stream: FilterStream, what: Bytes, where: Bytes): Bytes {
  const name = utf8('"').concat(stream.basicPlugin.filterName).concat(utf8('" is '));
  const found = name.concat(what).concat(utf8(", and the proxy has it among its ")).concat(where);
  return found.concat(utf8(": move it in the proxy's configuration"));
}

/** Says, once, that the proxy's configuration uses a plugin as an access logger, which it is not. */
export function refuseAccessLog(name: Bytes): void {
  if (isNoAccessLogger) return;
  isNoAccessLogger = true;
  logError(
    name.concat(
      utf8(" is no access logger, and logs nothing: the proxy's configuration has it in the wrong place"),
    ),
  );
}

/** Says, once, that the proxy's configuration uses a plugin as a filter, which it is not. */
export function refuseStream(name: Bytes): void {
  if (isNoFilter) return;
  isNoFilter = true;
  logError(
    name.concat(
      utf8(" is no filter, and lets streams pass: the proxy's configuration has it in the wrong place"),
    ),
  );
}
