import { Bytes, canonicalHost, PathOptions, RequestTarget } from "as-proxy-wasm";

/** A target's path, `?` and its query; null when the path is in doubt. */
export function parse(
  target: ArrayBuffer,
  isCaseSensitive: bool,
  slashes: i32,
  parameters: i32,
): ArrayBuffer | null {
  const options = new PathOptions(isCaseSensitive, slashes, parameters);
  const parsed = RequestTarget.parse(Bytes.fromBuffer(target), options);
  const path = parsed.path;
  return path === null ? null : toBuffer(path.concat(Bytes.fromString("?")).concat(parsed.query));
}

export function host(authority: ArrayBuffer): ArrayBuffer | null {
  const host = canonicalHost(Bytes.fromBuffer(authority));
  return host === null ? null : toBuffer(host);
}

function toBuffer(bytes: Bytes): ArrayBuffer {
  return changetype<ArrayBuffer>(bytes.copy().start);
}
