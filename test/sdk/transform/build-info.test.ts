import { describe, expect, test } from "vitest";
import { build } from "./build.ts";

describe("the build that a module says it is", () => {
  const FILTER = '@httpFilter("a") class A extends HttpFilter {}';

  async function buildInfo(text: string, files: Record<string, string> = {}): Promise<string | undefined> {
    const wasm = Buffer.from(await build(text, files)).toString("latin1");
    return /proxy_wasm\.build_info\{[ -~]*\}/.exec(wasm)?.[0];
  }

  test("is the same for the same sources, and another for others", async () => {
    const first = await buildInfo(FILTER);
    expect(first).toMatch(/^proxy_wasm\.build_info\{filter=a\}\{version=none\}\{build=[0-9a-f]{12}\}$/);
    expect(await buildInfo(FILTER)).toBe(first);
    expect(await buildInfo(`${FILTER} // a comment`)).not.toBe(first);
  });

  test("has the version of the nearest package.json that has one", async () => {
    const files = { "package.json": '{"version": "1.2.3"}' };
    expect(await buildInfo(FILTER, files)).toMatch(/\{version=1\.2\.3\}/);
  });

  test("has a name and a version that cannot pose as another label", async () => {
    const odd = FILTER.replace('"a"', '"a}{b"');
    const files = { "package.json": '{"version": "é\\"%"}' };
    expect(await buildInfo(odd, files)).toMatch(/\{filter=a%7D%7Bb\}\{version=%C3%A9%22%25\}/);
  });
});
