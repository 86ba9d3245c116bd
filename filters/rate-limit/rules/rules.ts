import { Bytes } from "as-proxy-wasm";
import { ServiceRule } from "../service/service-rule";
import { LimitRule } from "./limit-rule";

/** All rules, by where they count; those of one kind in their order. */
export class Rules {
  readonly limits: LimitRule[] = [];
  readonly services: ServiceRule[] = [];

  /** Whether a rule has this name. */
  has(name: Bytes): bool {
    for (let i = 0; i < this.limits.length; i++) if (this.limits[i].name.equals(name)) return true;
    for (let i = 0; i < this.services.length; i++) if (this.services[i].name.equals(name)) return true;
    return false;
  }
}
