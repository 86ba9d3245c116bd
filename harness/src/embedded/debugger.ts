import { url } from "node:inspector";
import { name, u32 } from "../instrumentation/encoding.ts";
import type { OffsetMap } from "../instrumentation/offset-map.ts";
import { section } from "../module/reader.ts";
import type { SourceLocations } from "../module/source-locations.ts";

/** Where debuggers look for the source map of a module (WebAssembly tool conventions, Debugging). */
const sourceMapSection = "sourceMappingURL";

/**
 * A module with a source map in it that fits, when a debugger can be attached to this process (`node --inspect`): the
 * compiler's is one of the module without checks. Otherwise the module as it is.
 */
export function forDebugger(
  bytes: Uint8Array<ArrayBuffer>,
  offsets: OffsetMap,
  sources: SourceLocations,
): Uint8Array<ArrayBuffer> {
  const map = url() === undefined ? null : sources.mapWith((offset) => offsets.offsetOf(offset));
  if (map === null) return bytes;
  const link = `data:application/json;base64,${Buffer.from(map).toString("base64")}`;
  const content = [...name(sourceMapSection), ...name(link)];
  return new Uint8Array([...bytes, section.custom, ...u32(content.length), ...content]);
}
