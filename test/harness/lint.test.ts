import { readFileSync } from "node:fs";
import { lintRules, lintText, type LintFinding } from "proxy-wasm-harness";
import { describe, expect, test } from "vitest";
import { findingText } from "../../harness/src/lint/text.ts";
import { brokenConfigurations, root } from "./lint-configs.ts";

/** As the comments of the configurations have it. */
function described({ line, column, severity, rule, path, message, suggestion }: LintFinding): string[] {
  const place = `${line ?? 0}:${column ?? 0}`;
  const head = [`${place} ${severity} ${rule} ${path}`, message.replaceAll(root.slice(0, -1), "ROOT")];
  return suggestion === null ? head : [...head, `→ ${suggestion}`];
}

describe("a broken configuration has exactly the findings that it names, each with its place, cause and remedy", () => {
  test.for(brokenConfigurations)("$name", ({ text, findings }) => {
    expect(lintText(text, { folder: root.slice(0, -1) }).flatMap(described)).toEqual(findings);
  });
});

test("there are more than 80 of them, and none is without findings", () => {
  expect(brokenConfigurations.length).toBeGreaterThan(80);
  expect(brokenConfigurations.filter(({ findings }) => findings.length === 0)).toEqual([]);
});

/** Proven elsewhere: in a text that no other tool can read, with other versions, in snapshots, or by Envoy. */
const elsewhere = [
  ...["syntax", "duplicate-key", "merge-key", "several-documents", "unknown-rule"],
  ...["not-in-version", "unchecked-type", "unknown-route-config", "envoy"],
];

test("every rule has a configuration that breaks it", () => {
  const broken = brokenConfigurations.flatMap(({ findings }) =>
    findings.flatMap((line) => /^\d+:\d+ \w+ (\S+)/.exec(line)?.[1] ?? []),
  );
  expect([...new Set([...broken, ...elsewhere])].sort()).toEqual(Object.keys(lintRules).sort());
});

test("every rule has its severity and a sentence in docs/lint.md", () => {
  const rows = readFileSync(`${root}docs/lint.md`, "utf8").matchAll(
    /^\| `([\w-]+)` +\| (error|warning|info) +\| \S.+\|$/gm,
  );
  expect(Object.fromEntries([...rows].map(([, rule, severity]) => [rule, severity]))).toEqual(lintRules);
});

test("colours are for terminals", () => {
  const [finding] = lintText("nod: {}");
  const text = (isColoured: boolean): string =>
    finding === undefined ? "" : findingText(finding, { isColoured });

  expect(text(true)).toContain("\u001b[31merror\u001b[39m");
  expect(text(false)).toBe(text(true).replaceAll(/\u001b\[\d+m/g, ""));
});
