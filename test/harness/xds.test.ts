import { expect } from "vitest";
import { modes, test } from "./xds-fixture.ts";
import { answeringListener } from "./xds-resources.ts";

test.for(modes)(
  "a listener is served as soon as Envoy has taken it: $mode, $transport",
  async (mode, { controlPlane, client }) => {
    const plane = await controlPlane();
    const envoy = await client(plane, mode);
    await plane.ready();

    await plane.update({ set: [answeringListener("in", "hello")] });

    expect(await envoy.get("in")).toMatchObject({ status: 200, body: "hello" });
  },
);

test.for(modes)(
  "what Envoy does not take is refused with its message, and taken back: $mode, $transport",
  async (mode, { controlPlane, client }) => {
    const plane = await controlPlane();
    const envoy = await client(plane, mode);
    await plane.ready();
    const sound = answeringListener("in", "hello");
    await plane.update({ set: [sound] });
    const broken = answeringListener("in", "hello", [{ name: "nope" }]);

    const both = [broken, answeringListener("second", "you")];
    const refused = plane.update({ set: both, allowInvalid: true });

    await expect(refused).rejects.toMatchObject({
      code: "configuration_refused",
      message: expect.stringMatching(
        /^Envoy "test-envoy" refused listener "in", listener "second": .*Didn't find a registered implementation for 'nope'/,
      ),
    });
    expect([...plane.resources]).toEqual([sound]);
    expect(await envoy.get("in")).toMatchObject({ body: "hello" });
    await expect(envoy.get("second")).rejects.toThrow('no listener "second"');
    const sent = plane.exchanges.filter(
      ({ kind, versions }) => kind === "response" && versions["in"] === broken.version,
    );
    expect(sent).toHaveLength(1);
  },
);
