import { HarnessError } from "../errors.ts";
import type { HeaderList } from "../header-list.ts";
import { HeaderMapType, type GuestContext } from "./context.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { declarationOf, stateOf, type FilterState } from "./filter-state.ts";
import { joinedBytes, knownProperties, missingProperties, propertyGroups } from "./known-properties.ts";
import { metadataAt } from "./metadata.ts";
import { networkProperty } from "./network-properties.ts";
import { encodeProperty, unserialisable, type PropertyValue } from "./property-values.ts";
import { Status } from "./status.ts";

/** Chapter properties: those that the embedded backend has; every other one of Envoy's fails the test by its name. */
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
      if (value === null) return Status.NotFound;
      const encoded = encodeProperty(value);
      return encoded === null
        ? Status.SerializationFailure
        : guest.memory.give(encoded, addressOut, lengthOut);
    },

    /** Filter state of the stream, under a name that begins with `wasm.`. */
    proxy_set_property(
      pathAddress: number,
      pathLength: number,
      valueAddress: number,
      valueLength: number,
    ): Status {
      const path = guest.memory.read(pathAddress, pathLength);
      const value = guest.memory.read(valueAddress, valueLength);
      if (path === null || value === null) return Status.InvalidMemoryAccess;
      const { context } = vm;
      const state = ownState(context);
      if (state === null || context === null) return Status.NotFound;
      const name = new TextDecoder().decode(path);
      const declared = declarationOf(context.root, name);
      return state.setProperty(`wasm.${name}`, value, declared) ? Status.Ok : Status.BadArgument;
    },
  };
}

function read(segments: readonly string[], context: GuestContext, callback: string): PropertyValue | null {
  const walked = header(segments, context) ?? metadata(segments, context);
  if (walked !== undefined) return walked.value;
  const name = nameOf(segments);
  const property = context.network === null ? knownProperties[name] : networkProperty(name, context.network);
  if (property !== undefined) return property(context);
  const [group = "", ...rest] = segments;
  if (!missingProperties.test(name))
    return rest.length === 0 ? whole(group, context) : filterState(segments, context);
  throw new HarnessError(
    "unimplemented",
    `plugin "${context.root.plugin.name}" read the property ${name} in ${callback}, which the embedded backend does not ` +
      `have: run this test in a real Envoy (vitest --project envoy)`,
  );
}

/** In Envoy's documentation's form; "" for a path with dots of its own, which lead nowhere. */
function nameOf(segments: readonly string[]): string {
  return segments.some((segment) => segment.includes(".")) ? "" : segments.join(".");
}

/** What was found, or not, at a path that leads into something; undefined stands for a path of another kind. */
interface Walked {
  readonly value: PropertyValue | null;
}

function whole(group: string, context: GuestContext): PropertyValue | null {
  const property = propertyGroups[group];
  return property === undefined ? filterState([group], context) : property(context);
}

const maps: Readonly<Record<string, number>> = {
  "request headers": HeaderMapType.RequestHeaders,
  "response headers": HeaderMapType.ResponseHeaders,
  "response trailers": HeaderMapType.ResponseTrailers,
};

/** `request.headers.NAME` joins repeated fields with a comma. */
function header([scope, group, name, ...rest]: readonly string[], context: GuestContext): Walked | undefined {
  const type = maps[`${scope} ${group}`];
  if (type === undefined || name === undefined || rest.length > 0) return undefined;
  const fields: HeaderList | null = context.readableFields(type);
  if (fields === null || !fields.has(name)) return { value: null };
  return { value: joinedBytes(fields, name) };
}

/** `xds.route_metadata.filter_metadata.NAMESPACE…` leads into the settings, and `metadata…` into dynamic ones: none. */
function metadata(segments: readonly string[], { stream }: GuestContext): Walked | undefined {
  const [scope, kind, group, ...path] = segments;
  if (scope === "metadata" && kind === "filter_metadata" && group !== undefined) return { value: null };
  if (scope !== "xds" || group !== "filter_metadata" || stream === null) return undefined;
  const { route, virtualHost } = stream.info;
  const holder =
    kind === "route_metadata" ? route : kind === "virtual_host_metadata" ? virtualHost : undefined;
  if (holder === undefined) return undefined;
  const value = metadataAt(holder.metadata, path) as PropertyValue | null | undefined;
  return { value: value === null ? unserialisable : (value ?? null) };
}

/**
 * The whole of it, which cannot be handed over, or what a filter stored: `filter_state.NAME`, and, where nothing else has that
 * name, just NAME for a property that is stored as `wasm.NAME`.
 */
function filterState(
  [first = "", name, ...rest]: readonly string[],
  context: GuestContext,
): PropertyValue | null {
  const state = stateOf(context);
  if (first !== "filter_state")
    return name === undefined ? (state?.get(`wasm.${first}`)?.value ?? null) : null;
  if (name === undefined) return unserialisable;
  const stored = state?.get(name) ?? null;
  const [part] = rest;
  if (part !== undefined) return rest.length === 1 ? (stored?.parts?.[part] ?? null) : null;
  return state?.isMessage(name) === true ? unserialisable : (stored?.value ?? null);
}

/** What a context may write; a plugin that looks at a stream, as access loggers do, may not. */
function ownState(context: GuestContext | null): FilterState | null {
  const isStream = (context?.filter ?? context?.network ?? null) !== null;
  return isStream ? stateOf(context) : null;
}
