import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startProxy } from "proxy-wasm-harness";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const pages = [
  "README.md",
  "sdk/README.md",
  "docs/testing.md",
  "docs/debugging.md",
  "docs/embedded.md",
  "docs/scenarios.md",
  "docs/versions.md",
  "docs/conditions.md",
  "docs/containers.md",
  "docs/decisions.md",
  "filters/fault-injection/README.md",
  "filters/header-authz/README.md",
  "filters/metrics/README.md",
  "filters/rate-limit/README.md",
];

/**
 * A fenced block of a page. What follows its language says how it is checked: `source=FILE`, it is that file;
 * `excerpt=FILE`, it stands in that file, whatever the indentation; `configuration=FILTER`, the filter accepts it.
 */
interface Block {
  readonly page: string;
  readonly language: string;
  readonly check: "source" | "excerpt" | "configuration" | null;
  readonly of: string;
  readonly text: string;
}

const blocks = (await Promise.all(pages.map(blocksOf))).flat();

const checkedBy = (check: Block["check"]): Block[] => blocks.filter((block) => block.check === check);

test.for(checkedBy("source"))("$page: the block is $of", async ({ of, text }) => {
  expect(text).toBe(await readFile(path.join(root, of), "utf8"));
});

test.for(checkedBy("excerpt"))("$page: the block stands in $of", async ({ of, text }) => {
  const flush = (lines: string): string => lines.replaceAll(/^ +/gm, "");

  expect(flush(await readFile(path.join(root, of), "utf8"))).toContain(flush(text));
});

test.for(checkedBy("configuration"))("$page: the block configures $of", async ({ of, text }) => {
  await using proxy = await startProxy({ chain: [{ filter: of, configuration: text }] });

  expect(proxy.startLogs).toEqual([]);
});

test("a topology takes at most 15 lines", () => {
  const topologies = blocks.filter(({ of }) => of === "test/topologies/topologies.test.ts");

  expect(topologies).toHaveLength(3);
  for (const { text } of topologies) expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(15);
});

test("the README's scenario takes ten lines", () => {
  const [scenario] = blocks.filter(({ of }) => of === "test/docs/ten-lines.ts");

  expect(scenario?.text.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
});

test("every other code block is a list of commands", () => {
  expect(checkedBy(null).filter(({ language }) => language !== "sh")).toEqual([]);
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

test("the README's project passes as it stands", async () => {
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
  return [...text.matchAll(/^```(\w*)(?: (\w+)=(\S+))?\n(.*?)^```$/gms)].map(
    ([, language = "", check = null, of = "", content = ""]) => {
      return { page, language, check: check as Block["check"], of, text: content };
    },
  );
}
