import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startProxy, statsTags } from "proxy-wasm-harness";
import { expect, test } from "vitest";
import { guest } from "../guests/guest.ts";

test("each label becomes one tag, whoever has it", () => {
  expect(statsTags(["who", "method", "who"])).toEqual([
    { tag_name: "method", regex: "(\\{method=([^}]*)\\})" },
    { tag_name: "who", regex: "(\\{who=([^}]*)\\})" },
  ]);
});

test("a module of another SDK, which has no manifest, is accepted", async () => {
  await using proxy = await startProxy({ chain: [{ filter: guest("raw/passes") }] });

  expect(await proxy.get("/")).toMatchObject({ status: 200 });
});

for (const content of ["{", '{"labels":7}', '{"labels":[7]}', '{"labels":[],"rootIds":7}']) {
  test(`a manifest of ${content} refuses the module`, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "manifest-"));
    const file = path.join(folder, "broken.wasm");
    const passing = await readFile(guest("raw/passes"));
    await writeFile(file, Buffer.concat([passing, customSection("proxy_wasm.manifest", content)]));

    await expect(startProxy({ chain: [{ filter: file }] })).rejects.toMatchObject({
      code: "module_refused",
      message: expect.stringMatching(/proxy_wasm.manifest is no manifest: build it anew/),
    });
    await rm(folder, { recursive: true });
  });
}

/** A custom section of less than 128 bytes: id 0, its length, its name with its length, its content. */
function customSection(name: string, content: string): Buffer {
  const body = Buffer.concat([Uint8Array.of(name.length), Buffer.from(name), Buffer.from(content)]);
  return Buffer.concat([Uint8Array.of(0, body.length), body]);
}
