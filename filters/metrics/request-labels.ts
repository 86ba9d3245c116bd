import { Bytes, LabelValues, RequestHeaders, utf8 } from "as-proxy-wasm";
import { HeaderLabel, MetricsConfiguration } from "./config";
import { Label } from "./label";

/** Stands for every value that is not counted as itself; OpenTelemetry's word for it. */
const OTHER = "_OTHER";

const METHODS = utf8(" GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH ");

/** Adds the values of the labels that come from a request's headers: method and path, then the headers of the configuration. */
export function addRequestLabels(
  values: LabelValues,
  config: MetricsConfiguration,
  headers: RequestHeaders,
): void {
  if (config.labels.includes(Label.Method)) values.add(methodOf(headers));
  if (config.labels.includes(Label.Path)) values.add(templateOf(headers, config));
  for (let i = 0; i < config.headers.length; i++) values.add(headerOf(headers, config.headers[i]));
}

/** One of the methods of HTTP: a client may invent others. */
function methodOf(headers: RequestHeaders): Bytes {
  const method = headers.get(utf8(":method"));
  if (method === null || method.indexOf(utf8(" ")) >= 0) return utf8(OTHER);
  const isKnown = METHODS.indexOf(utf8(" ").concat(method).concat(utf8(" "))) >= 0;
  return isKnown ? method : utf8(OTHER);
}

/** The first template that the path matches. */
function templateOf(headers: RequestHeaders, config: MetricsConfiguration): Bytes {
  const path = headers.get(utf8(":path"));
  if (path === null) return utf8(OTHER);
  const bare = withoutQuery(path);
  for (let i = 0; i < config.paths.length; i++) {
    if (config.paths[i].matches(bare)) return config.paths[i].label;
  }
  return utf8(OTHER);
}

/** No bytes for a header that is absent. */
function headerOf(headers: RequestHeaders, wanted: HeaderLabel): Bytes {
  const value = headers.get(wanted.header);
  if (value === null) return Bytes.EMPTY;
  if (wanted.values.length == 0) return value;
  for (let i = 0; i < wanted.values.length; i++) {
    if (wanted.values[i].equals(value)) return value;
  }
  return utf8(OTHER);
}

function withoutQuery(path: Bytes): Bytes {
  let end = 0;
  while (end < path.length && path[end] != 0x3f && path[end] != 0x23) end++;
  return path.slice(0, end);
}
