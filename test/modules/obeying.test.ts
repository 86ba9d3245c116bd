import { readFile } from "node:fs/promises";
import {
  checkModule,
  type EnvoyPool,
  GrpcUpstream,
  startNetworkProxy,
  startProxy,
  TcpUpstream,
  Upstream,
} from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { requiresCi } from "../harness/requires-ci.ts";
import { backend, inProject, test } from "../project.ts";
import { behaviours } from "./behaviours.ts";
import { connectionBehaviours, show, showPanic, type Around } from "./connections.ts";
import { modules, type ObeyingModule } from "./modules.ts";

const virtualHost = { routes: [{ name: "other", prefix: "/other" }] };

/** Envoy compiles the Go module for seconds: there it is loaded as rarely as can be, and with `CI=true` only. */
const isSlow = ({ isLarge }: ObeyingModule): boolean => isLarge && backend !== "embedded";

const pluginOf = ({ file }: ObeyingModule) => ({ filter: file, name: "obeying", configuration: "ticks" });

function obeysOneByOne(module: ObeyingModule): void {
  const { sdk, file, lacks } = module;
  const plugin = pluginOf(module);
  const obeying = filterTest(file, plugin.configuration, {
    ...{ name: plugin.name, virtualHost, allowTraps: true },
    ...{ clusters: ["service"], grpcClusters: ["greeter"] },
  });

  for (const { does, needs = "", shows } of behaviours)
    if (lacks.has(needs)) test(does, ({ skip }) => skip(`${sdk} has no ${needs}`));
    else
      obeying(does, ({ proxy, upstream, clusters, grpcClusters }) =>
        shows({ proxy, upstream, clusters, grpcClusters }, module),
      );

  test("refuses a configuration", async ({ envoys }) => {
    const chain = [{ ...plugin, configuration: "refuse" }];

    const refused = startProxy({ ...inProject(envoys), chain });

    await expect(refused).rejects.toMatchObject({ code: "configuration_refused" });
  });

  test("is told to end", async ({ envoys }) => {
    await using proxy = await startProxy({ ...inProject(envoys), chain: [plugin] });
    await proxy.stop();

    const words = proxy.logs.map(({ message }) => message);
    expect(new Set(words.filter((line) => !line.startsWith("configured")))).toEqual(
      new Set(["the plugin ends"]),
    );
  });
}

function obeysAtOnce(module: ObeyingModule): void {
  test("does all of it", async ({ skip }) => {
    requiresCi(skip);
    const [upstream, service, greeter] = [new Upstream(), new Upstream(), new GrpcUpstream()];
    const [clusters, grpcClusters] = [{ service }, { greeter }];
    const world = { upstream, clusters, grpcClusters, virtualHost };
    await using proxy = await startProxy({ ...world, backend, chain: [pluginOf(module)], allowTraps: true });

    for (const { needs = "", shows } of behaviours)
      if (!module.lacks.has(needs)) await shows({ proxy, upstream, clusters, grpcClusters }, module);
  });
}

function filtersConnectionsOneByOne(module: ObeyingModule): void {
  for (const behaviour of connectionBehaviours) {
    const { does, needs = "" } = behaviour;
    test(`${does}, as a filter of connections`, async ({ envoys, skip }) => {
      if (module.lacks.has(needs)) skip(`${module.sdk} has no ${needs}`);
      await withConnections(module, envoys, (around) => show(behaviour, around));
    });
  }

  test("panics over a connection, and its VM is gone", ({ envoys }) =>
    withConnections(module, envoys, showPanic));
}

function filtersConnectionsAtOnce(module: ObeyingModule): void {
  test("does all of it over connections", async ({ envoys, skip }) => {
    requiresCi(skip);
    await withConnections(module, envoys, async (around) => {
      for (const behaviour of connectionBehaviours)
        if (!module.lacks.has(behaviour.needs ?? "")) await show(behaviour, around);
      await showPanic(around);
    });
  });
}

/** A proxy with all around it, and what is done with it. */
async function withConnections(
  module: ObeyingModule,
  envoys: EnvoyPool,
  act: (around: Around) => Promise<void>,
): Promise<void> {
  const [upstream, service] = [new TcpUpstream(), new Upstream()];
  await using proxy = await startNetworkProxy({
    ...inProject(envoys),
    chain: [{ ...pluginOf(module), configuration: "tcp" }],
    upstream,
    clusters: { service },
    allowTraps: true,
  });
  await act({ proxy, upstream, service });
}

describe.for(modules)("$sdk, of ABI $abiVersion", (module) => {
  test("is a sound module of its ABI", async () => {
    const report = checkModule(module.file, new Uint8Array(await readFile(module.file)));

    expect(report).toMatchObject({ refusals: [], abiVersion: module.abiVersion });
  });

  if (isSlow(module)) {
    obeysAtOnce(module);
    filtersConnectionsAtOnce(module);
  } else {
    obeysOneByOne(module);
    filtersConnectionsOneByOne(module);
  }
});
