import { expect } from "vitest";
import { test } from "./xds-fixture.ts";
import { answeringListener } from "./xds-resources.ts";

test("what lint calls an error is not sent, with its rule and path", async ({ controlPlane }) => {
  const plane = await controlPlane();

  const refused = plane.update({ set: [answeringListener("in", "hello", [{ name: "nope" }])] });

  await expect(refused).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(
      /^the update was not sent, for lint finds errors in it:\nerror {2}nope has no typed_config: .* {2}\[missing-typed-config\]\n {4}at Listener\["in"\]\.filter_chains\[0\]\..*\.http_filters\[0\]\n.*\nMend them, or say allowInvalid/s,
    ),
  });
  expect([...plane.resources]).toEqual([]);
  expect(plane.exchanges).toEqual([]);
});

test("the next update is not held up by one that was not sent", async ({ controlPlane }) => {
  const plane = await controlPlane();
  const sound = answeringListener("in", "hello");
  const refused = plane.update({ set: [answeringListener("in", "hello", [{ name: "nope" }])] });

  const [first] = await Promise.allSettled([refused, plane.update({ set: [sound] })]);

  expect(first.status).toBe("rejected");
  expect([...plane.resources]).toEqual([sound]);
});
