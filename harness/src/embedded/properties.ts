import { HarnessError } from "../errors.ts";
import type { HeaderList } from "../header-list.ts";
import { HeaderMapType, type GuestContext } from "./context.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { Status } from "./status.ts";

type Property = (context: GuestContext) => string | bigint | null;

/** Request properties read the headers, which are gone between Continue and the access log, as in Envoy. */
const requestHeader =
  (name: string): Property =>
  (context) =>
    context.readableFields(HeaderMapType.RequestHeaders)?.get(name) ?? null;

const known: Readonly<Record<string, Property>> = {
  plugin_name: ({ root }) => root.plugin.name,
  plugin_root_id: ({ root }) => root.plugin.rootId,
  plugin_vm_id: ({ root }) => root.plugin.vmId,
  "request.path": requestHeader(":path"),
  "request.method": requestHeader(":method"),
  "request.host": requestHeader(":authority"),
  "request.scheme": requestHeader(":scheme"),
  "request.useragent": requestHeader("user-agent"),
  "request.referer": requestHeader("referer"),
  "request.id": requestHeader("x-request-id"),
  "request.protocol": ({ filter }) => (filter === null ? null : "HTTP/1.1"),
  "response.code": ({ filter }) => filter?.stream.responseStatus ?? null,
};

/** Chapter properties: those that the embedded backend has; every other one fails the test by its name. */
export function properties(guest: Guest): HostFunctions {
  const { vm } = guest;
  return {
    proxy_get_property(
      pathAddress: number,
      pathLength: number,
      addressOut: number,
      lengthOut: number,
    ): Status {
      const path = guest.memory.read(pathAddress, pathLength);
      if (path === null) return Status.InvalidMemoryAccess;
      const segments = new TextDecoder().decode(path).replace(/\0$/, "").split("\0");
      if (segments.join("") === "") return Status.SerializationFailure;
      const value = vm.context === null ? null : read(segments, vm.context, vm.callback);
      return value === null ? Status.NotFound : guest.memory.give(value, addressOut, lengthOut);
    },
  };
}

function read(segments: readonly string[], context: GuestContext, callback: string): Uint8Array | null {
  const joined = header(segments, context);
  if (joined !== undefined) return joined;
  const name = segments.join(".");
  const property = known[name];
  if (property === undefined) {
    throw new HarnessError(
      "unimplemented",
      `plugin "${context.root.plugin.name}" read the property ${name} in ${callback}, which the embedded backend does not ` +
        `have: run this test in a real Envoy (vitest --project envoy)`,
    );
  }
  const value = property(context);
  return value === null ? null : encode(value);
}

/** `request.headers.NAME` joins repeated fields with a comma; undefined when the path is none of that kind. */
function header(
  [scope, group, name, ...rest]: readonly string[],
  context: GuestContext,
): Uint8Array | null | undefined {
  if (group !== "headers" || name === undefined || rest.length > 0) return undefined;
  const type = scope === "request" ? HeaderMapType.RequestHeaders : HeaderMapType.ResponseHeaders;
  const fields: HeaderList | null = context.readableFields(type);
  if (fields === null || !fields.has(name)) return null;
  return fields.allBytes(name).reduce((all, value) => Uint8Array.of(...all, 0x2c, ...value));
}

/** Text as it is; an integer as 8 bytes, little-endian. */
function encode(value: string | bigint): Uint8Array {
  if (typeof value === "string") return new TextEncoder().encode(value);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return bytes;
}
