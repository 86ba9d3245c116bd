import { BasicPlugin, Counter, RemoteKeys } from "as-proxy-wasm";
import { RemoteJwks } from "./remote-jwks";

const fetched = new Counter("header_authz.jwks_fetched");
const failed = new Counter("header_authz.jwks_failed");

/** The keys that a service has, each attempt counted. */
export class FetchedKeys extends RemoteKeys {
  constructor(plugin: BasicPlugin, from: RemoteJwks) {
    super(plugin, from.request);
    this.refreshMs = from.refreshMs;
    this.coolDownMs = from.coolDownMs;
  }

  onRefreshed(areFresh: bool): void {
    if (areFresh) fetched.increment();
    else failed.increment();
  }
}
