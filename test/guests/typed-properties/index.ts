import {
  Action,
  booleanAt,
  Bytes,
  doubleAt,
  getProperty,
  HttpFilter,
  httpFilter,
  integerAt,
  log,
  Pairs,
  properties,
  RequestHeaders,
  ResponseHeaders,
  setProperty,
  utf8,
} from "as-proxy-wasm";

/** Logs what the typed properties say in each phase. */
@httpFilter("typed-properties")
export class TypedProperties extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    show("path", properties.request.path());
    show("query", properties.request.query());
    show("x-a", properties.request.header(utf8("x-a")));
    show("route", properties.xds.routeName());
    show("tls", properties.connection.tlsVersion());
    show("server name", properties.connection.requestedServerName());
    log.info("mutual tls " + properties.connection.isMutualTlsOr(true).toString());
    log.info("code " + properties.response.codeOr(-1).toString());
    log.info("limit " + doubleAt(utf8("xds\0route_metadata\0filter_metadata\0ours\0limit"), -1).toString());
    log.info("text as a number " + integerAt(utf8("request\0method"), -1).toString());
    log.info("number as a boolean " + booleanAt(utf8("xds\0listener_direction"), true).toString());
    log.info("set " + setProperty(utf8("kept"), utf8("from the request")).toString());
    show("older name", getProperty(utf8("route_name")));
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    show("path", properties.request.path());
    log.info("code " + properties.response.codeOr(-1).toString());
    show("details", properties.response.codeDetails());
    show("kept", getProperty(utf8("kept")));
    return Action.Continue;
  }

  onLog(): void {
    show("path", properties.request.path());
    show("kept", getProperty(utf8("filter_state\0wasm.kept")));
    log.info("took time " + (properties.request.durationNanosOr(-1) >= 0).toString());
    const headers = getProperty(utf8("metadata\0filter_metadata"));
    const pairs: Pairs | null = Pairs.parse(headers === null ? utf8("none") : headers);
    if (pairs !== null) log.info("dynamic metadata " + pairs.count.toString());
  }
}

function show(what: string, value: Bytes | null): void {
  log.info(what + " " + (value === null ? "absent" : "<" + value.toString() + ">"));
}
