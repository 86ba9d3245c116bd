import { Bytes } from "as-proxy-wasm";
import { Algorithm } from "../algorithms/algorithm";

/** How often something may be asked for. */
export class Limit {
  constructor(
    readonly algorithm: Algorithm,
    /** How many requests the window lets pass in the long run. */
    readonly requests: u32,
    readonly windowNanos: u64,
    /** Tells this limit from others: a key that is under another limit has another state. */
    readonly identity: Bytes,
  ) {}
}
