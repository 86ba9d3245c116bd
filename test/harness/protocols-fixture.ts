import { test as base } from "vitest";
import { createAuthority, type Authority } from "../../harness/src/certificates/authority.ts";
import type { RequestClient } from "../../harness/src/clients/request-client.ts";
import { createClient, type ClientProtocol } from "../../harness/src/clients/request-clients.ts";
import type { ClientTarget } from "../../harness/src/clients/target.ts";
import { Upstream } from "../../harness/src/upstream.ts";
import {
  HttpUpstreamServer,
  type HttpUpstreamOptions,
} from "../../harness/src/upstreams/http-upstream-server.ts";

interface ProtocolFixtures {
  upstream: Upstream;
  /** Made once for all tests of a file. */
  authority: Authority;
  /** Starts a server for the test's upstream, or for another one, that ends with the test. */
  serve: (options?: HttpUpstreamOptions, other?: Upstream) => Promise<HttpUpstreamServer>;
  /** A client that ends with the test. */
  client: (protocol: ClientProtocol, target: ClientTarget) => RequestClient;
}

let shared: Promise<Authority> | null = null;

export const test = base.extend<ProtocolFixtures>({
  upstream: async ({}, use) => use(new Upstream()),
  authority: async ({}, use) => use(await (shared ??= createAuthority({ name: "test authority" }))),
  serve: async ({ upstream }, use) => {
    const started: HttpUpstreamServer[] = [];
    await use(async (options = {}, other = upstream) => {
      const server = await HttpUpstreamServer.start(other, options);
      started.push(server);
      return server;
    });
    for (const server of started) await server[Symbol.asyncDispose]();
  },
  client: async ({}, use) => {
    const clients: RequestClient[] = [];
    await use((protocol, target) => {
      const client = createClient(protocol, target);
      clients.push(client);
      return client;
    });
    for (const client of clients) client[Symbol.dispose]();
  },
});
