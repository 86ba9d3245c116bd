import { Bytes, JsonObject } from "as-proxy-wasm";
import { hasControl } from "../names";

/** Somebody that the configuration knows by name. */
export class Principal {
  constructor(
    readonly name: Bytes,
    readonly roles: Bytes[],
  ) {}

  /** Reads one, whose name stands under a key, and whose `roles` may be absent. */
  static read(json: JsonObject, key: string): Principal {
    const name = json.bytes(key);
    if (name.length == 0) json.refuse(key, "must not be empty");
    if (hasControl(name)) json.refuse(key, "must not hold a control character");
    const roles: Bytes[] = [];
    const names = json.arrayOrEmpty("roles");
    for (let i = 0; i < names.length; i++) {
      const role = names.bytes(i);
      if (role.length == 0) names.refuseElement(i, "must not be empty");
      roles.push(role);
    }
    return new Principal(name, roles);
  }
}
