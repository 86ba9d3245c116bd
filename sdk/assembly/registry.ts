import { Bytes } from "./bytes";
import { FilterStream } from "./filter-stream";

/** A filter class of this module and the root_id that it serves. */
export class RegisteredFilter {
  /** The filter that was registered before it. */
  next: RegisteredFilter | null = null;

  constructor(
    /** The name that `@httpFilter` or `@networkFilter` gives. */
    readonly rootId: string,
    /** Makes an object of the filter's class. */
    readonly make: () => FilterStream,
    /** The name of the gauge that says which build this is. */
    readonly buildInfo: string,
  ) {}
}

let latest: RegisteredFilter | null = null;

/** Makes a filter known. The entry that the SDK's transform generates calls it once for each decorated class. */
export function registerFilter(rootId: string, make: () => FilterStream, buildInfo: string): void {
  const filter = new RegisteredFilter(rootId, make, buildInfo);
  filter.next = latest;
  latest = filter;
}

/** The filter that serves a root_id; the only one there is serves all. Null when several are there and none fits. */
export function findFilter(rootId: Bytes): RegisteredFilter | null {
  let filter = latest;
  if (filter !== null && filter.next === null) return filter;
  while (filter !== null && !rootId.equals(Bytes.fromString(filter.rootId))) filter = filter.next;
  return filter;
}

/** The root_ids of all filters in the order of their registration, each in quotes, for a message. */
export function registeredNames(): string {
  let names = "";
  let filter = latest;
  while (filter !== null) {
    names = '"' + filter.rootId + (names.length == 0 ? '"' : '", ') + names;
    filter = filter.next;
  }
  return names;
}
