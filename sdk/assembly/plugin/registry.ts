import { Bytes, utf8 } from "../bytes";
import { FilterStream } from "../filter-stream";
import { logError } from "../logging";
import { pluginRootId } from "../properties";

/** A filter class of this module and the root_id that it serves. */
export class RegisteredFilter {
  /** The filter that was registered before it. */
  next: RegisteredFilter | null = null;

  constructor(
    /** The name that the decorator gives. */
    readonly rootId: Bytes,
    /** Makes an object of the filter's class. */
    readonly make: () => FilterStream,
    /** As `make`, of which the constructor has not run. */
    readonly makeSample: () => FilterStream,
    /** The name of the gauge that says which build this is. */
    readonly buildInfo: Bytes,
  ) {}
}

let latest: RegisteredFilter | null = null;

let choose: () => RegisteredFilter | null = theOnlyOne;

/** Makes a filter known. The entry that the SDK's transform generates calls it once for each decorated class. */
export function registerFilter(
  rootId: Bytes,
  make: () => FilterStream,
  makeSample: () => FilterStream,
  buildInfo: Bytes,
): void {
  const filter = new RegisteredFilter(rootId, make, makeSample, buildInfo);
  filter.next = latest;
  latest = filter;
}

/**
 * An object of a filter's class that makes configuration and plugin, and serves no stream. Its constructor does not run: it
 * may use the configuration, which is not there yet.
 */
export function sample<T>(): T {
  const object = __new(offsetof<T>(), idof<T>());
  memory.fill(object, 0, offsetof<T>());
  return changetype<T>(object);
}

/** Lets each plugin have the filter of its root_id: the generated entry calls it when there are several filters. */
export function chooseByRootId(): void {
  choose = theOneOfThisRootId;
}

/** The filter that serves the plugin whose callback runs; null, which is logged at error, when none does. */
export function chosenFilter(): RegisteredFilter | null {
  return choose();
}

/** A module with one filter serves every root_id. */
function theOnlyOne(): RegisteredFilter | null {
  return latest;
}

function theOneOfThisRootId(): RegisteredFilter | null {
  const rootId = pluginRootId();
  let filter = latest;
  while (filter !== null && !rootId.equals(filter.rootId)) filter = filter.next;
  if (filter === null) logUnknown(rootId);
  return filter;
}

function logUnknown(rootId: Bytes): void {
  const reason = utf8('" is unknown: this module has ').concat(registeredNames());
  logError(utf8('root_id "').concat(rootId).concat(reason));
}

/** The root_ids of all filters in the order of their registration, each in quotes. */
function registeredNames(): Bytes {
  let names = Bytes.EMPTY;
  let filter = latest;
  while (filter !== null) {
    const name = utf8('"').concat(filter.rootId).concat(utf8('"'));
    names = names.length == 0 ? name : name.concat(utf8(", ")).concat(names);
    filter = filter.next;
  }
  return names;
}
