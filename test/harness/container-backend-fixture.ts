import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { EnvoyPool } from "proxy-wasm-harness";
import { upstreamAddress } from "proxy-wasm-harness/container";
import { getContainerRuntimeClient, type ContainerRuntimeClient } from "testcontainers";
import { test as base } from "vitest";
import { ContainerSite } from "../../harness/src/container/container-site.ts";
import { requiresContainers } from "./container-fixture.ts";

/** An image of a test's own, by which its containers are found. */
export class OwnImage implements AsyncDisposable {
  readonly name: string;
  private readonly engine: ContainerRuntimeClient["container"]["dockerode"];

  private constructor(name: string, engine: ContainerRuntimeClient["container"]["dockerode"]) {
    this.name = name;
    this.engine = engine;
  }

  /** The default image under another name. */
  static async create(): Promise<OwnImage> {
    const { dockerode } = (await getContainerRuntimeClient()).container;
    const [repo, tag] = ["proxy-wasm-harness-test/backend", randomUUID()];
    await dockerode.getImage("envoyproxy/envoy:v1.40.0").tag({ repo, tag });
    return new OwnImage(`${repo}:${tag}`, dockerode);
  }

  /** The containers of it that are there, running or not. */
  async containers() {
    const all = await this.engine.listContainers({ all: true });
    return all.filter(({ Image }) => Image === this.name).map(({ Id }) => this.engine.getContainer(Id));
  }

  /** Resolves when the engine listens, with the id of the container of it that starts to run next. */
  async nextStart(): Promise<{ id: Promise<string> }> {
    const events = await this.engine.getEvents({ filters: { image: [this.name], event: ["start"] } });
    const id = new Promise<string>((resolve) => {
      events.once("data", (chunk: Buffer) => {
        resolve((JSON.parse(chunk.toString().split("\n")[0] ?? "") as { id: string }).id);
        (events as Readable).destroy();
      });
    });
    return { id };
  }

  /** Resolves when a container is gone. */
  async removal(id: string): Promise<void> {
    await this.engine.getContainer(id).wait({ condition: "removed" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const container of await this.containers()) await container.remove({ force: true });
    await this.engine.getImage(this.name).remove({ force: true });
  }
}

interface ContainerBackendFixtures {
  image: OwnImage;
  /** Ends with the test. */
  pool: EnvoyPool;
  /** One whose containers are reached by published ports, as with Docker Desktop. */
  published: ContainerSite;
}

export const test = base.extend<ContainerBackendFixtures>({
  image: async ({ skip }, use) => {
    await requiresContainers(skip);
    await using image = await OwnImage.create();
    await use(image);
  },
  pool: async ({}, use) => {
    await using pool = new EnvoyPool();
    await use(pool);
  },
  published: async ({ image }, use) => {
    const serverHost = await upstreamAddress();
    await use(new ContainerSite({ image: image.name, serverHost, isDirect: false }));
  },
});
