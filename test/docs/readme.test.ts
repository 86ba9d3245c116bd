import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const pages = ["README.md", "docs/testing.md", "docs/decisions.md", "filters/header-authz/README.md"];

/** A fenced block of a page: its language, where it was taken from, and its text. */
interface Block {
  readonly page: string;
  readonly language: string;
  readonly source: string | null;
  readonly text: string;
}

const blocks = (await Promise.all(pages.map(blocksOf))).flat();

describe("a code block that names its source is that file", () => {
  const sourced = blocks.filter(({ source }) => source !== null);

  test.for(sourced)("$page: $source", async ({ source, text }) => {
    expect(text).toBe(await readFile(path.join(root, source ?? ""), "utf8"));
  });
});

test("every code block names its source, or is a list of commands", () => {
  const unchecked = blocks.filter(({ source, language }) => source === null && language !== "sh");

  expect(unchecked).toEqual([]);
});

test("every command of a shell block exists", async () => {
  const { scripts } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const { stdout: usage } = await proxyWasm(["--help"]);
  const commands = blocks
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.trim().split("\n"));

  expect(commands).not.toEqual([]);
  for (const command of commands) {
    const [tool, name = "", argument = ""] = command.split(" ");
    if (tool === "npm") expect(Object.keys(scripts)).toContain(name === "run" ? argument : name);
    else expect(`${tool} ${name} ${usage}`).toMatch(new RegExp(`^npx proxy-wasm .*\\b${argument} `, "s"));
  }
});

test("the README's commands are those of the usage text", async () => {
  const { stdout: usage } = await proxyWasm(["--help"]);
  const described = [
    ...(await readFile(path.join(root, "README.md"), "utf8")).matchAll(/^\| `npx proxy-wasm ([\w-]+)/gm),
  ];
  const known = [...usage.matchAll(/^ {2}(\S+)/gm)];

  expect(described.map(([, name]) => name)).toEqual(known.map(([, name]) => name));
});

test("the README's project passes as it stands", { timeout: 60_000 }, async () => {
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [vitest, "run", "--project=embedded"], {
    cwd: path.join(root, "test/docs/workspace"),
    env: { ...process.env, VITEST: undefined, NO_COLOR: "1" },
  });

  expect(stdout).toMatch(/Tests\s+2 passed \(2\)/);
});

function proxyWasm(args: readonly string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [path.join(root, "harness/bin/proxy-wasm.mjs"), ...args]);
}

async function blocksOf(page: string): Promise<Block[]> {
  const text = await readFile(path.join(root, page), "utf8");
  return [...text.matchAll(/^```(\w*)(?: source=(\S+))?\n(.*?)^```$/gms)].map(
    ([, language = "", source = null, content = ""]) => ({ page, language, source, text: content }),
  );
}
