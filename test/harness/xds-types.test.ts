import { expect } from "vitest";
import { adsBootstrap, type ControlPlane, type Resource } from "proxy-wasm-harness";
import { HeaderMutationSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/header_mutation/v3/header_mutation";
import { modes, test, type Mode } from "./xds-fixture.ts";
import {
  cluster,
  discovered,
  discoveringListener,
  endpoint,
  headerMutation,
  injector,
  routesTo,
  runtime,
  secret,
} from "./xds-resources.ts";

const mutation = `type.googleapis.com/${HeaderMutationSchema.typeName}`;

/** A listener with one thing of each type: what it needs comes last here, and is to be sent first. */
function oneOfEach({ port }: ControlPlane, mode: Mode, upstream: number): readonly Resource[] {
  const { source } = adsBootstrap({ port, ...mode });
  const filters = [discovered("mark", mutation, source), injector("key", source)];
  return [
    headerMutation("mark", { key: "x-mark", value: "first" }),
    routesTo("routes", "service"),
    discoveringListener("in", { routes: "routes", source }, filters),
    secret("key", "Bearer first"),
    endpoint("service", upstream),
    cluster("service", source),
  ];
}

test.for(modes)(
  "one update has all types served: $mode, $transport",
  async (mode, { controlPlane, client, service }) => {
    const plane = await controlPlane();
    const envoy = await client(plane, mode);
    await plane.ready();
    const one = await service("one");

    await plane.update({ set: oneOfEach(plane, mode, one.port) });

    const { status, headers, body } = await envoy.get("in");
    expect({ status, body, mark: headers["x-mark"] }).toEqual({ status: 200, body: "one", mark: "first" });
    expect(one.authorizations).toEqual(["Bearer first"]);
  },
);

test.for(modes)(
  "each type changes by itself: $mode, $transport",
  async (mode, { controlPlane, client, service }) => {
    const plane = await controlPlane();
    const envoy = await client(plane, mode);
    await plane.ready();
    const [one, two] = [await service("one"), await service("two")];
    const { source } = adsBootstrap({ port: plane.port, ...mode });
    await plane.update({ set: oneOfEach(plane, mode, one.port) });
    const body = async (): Promise<string> => (await envoy.get("in")).body;
    const sent = (from: number) =>
      plane.exchanges.slice(from).flatMap(({ kind, names }) => (kind === "response" ? names : []));

    const before = plane.exchanges.length;
    await plane.update({ set: [endpoint("service", two.port)] });
    await expect.poll(body).toBe("two");
    expect(sent(before)).toEqual(["service"]);

    await plane.update({ set: [headerMutation("mark", { key: "x-mark", value: "second" })] });
    await expect.poll(async () => (await envoy.get("in")).headers["x-mark"]).toBe("second");

    await plane.update({ set: [secret("key", "Bearer second")] });
    await expect.poll(() => body().then(() => two.authorizations.at(-1))).toBe("Bearer second");

    await plane.update({
      set: [cluster("other", source), endpoint("other", one.port), routesTo("routes", "other")],
    });
    await expect.poll(body).toBe("one");
  },
);

test.for(modes)(
  "a cluster that changes is used again, though its endpoints are the same: $mode, $transport",
  async (mode, { controlPlane, client, service }) => {
    const plane = await controlPlane();
    const envoy = await client(plane, mode);
    await plane.ready();
    const { source } = adsBootstrap({ port: plane.port, ...mode });
    const { port } = await service("one");
    await plane.update({ set: [cluster("service", source), endpoint("service", port)] });

    await plane.update({ set: [cluster("service", source, 7)] });

    const dump = await envoy.admin.get("/config_dump?resource=dynamic_active_clusters");
    expect(dump).toContain('"connect_timeout": "7s"');
    expect(await envoy.admin.get("/config_dump?resource=dynamic_warming_clusters")).not.toContain("service");
  },
);

test.for(modes)(
  "what is removed is gone when the update is done, and nothing refers to it meanwhile: $mode, $transport",
  async (mode, { controlPlane, client, service }) => {
    const plane = await controlPlane();
    const envoy = await client(plane, mode);
    await plane.ready();
    const { port } = await service("one");
    const all = oneOfEach(plane, mode, port);
    await plane.update({ set: all });

    await plane.update({ remove: all });

    expect([...plane.resources]).toEqual([]);
    expect(await envoy.admin.get("/listeners")).toBe("");
    expect(await envoy.admin.get("/clusters")).not.toContain("service::");
  },
);

test.for(modes)(
  "the runtime layer changes with the control plane: $mode, $transport",
  async (mode, { controlPlane, client }) => {
    const plane = await controlPlane();
    await plane.update({ set: [runtime("first")] });
    const envoy = await client(plane, mode);
    await plane.ready();
    expect(await envoy.admin.get("/runtime")).toContain('"first"');

    await plane.update({ set: [runtime("second")] });

    expect(await envoy.admin.get("/runtime")).toContain('"second"');
  },
);
