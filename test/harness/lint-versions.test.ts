import { readdirSync, readFileSync } from "node:fs";
import { knownApiVersions, lintText } from "proxy-wasm-harness";
import { describe, expect, test } from "vitest";
import { outlook, type Standing } from "../../harness/src/lint/structure/deprecation-outlook.ts";
import { root } from "./lint-configs.ts";

const soundFiles = ["envoy-configs/", "test/harness/lint-sound/"].flatMap((folder) =>
  readdirSync(root + folder).map((name) => folder + name),
);

describe.each(knownApiVersions())("for Envoy %s", (version) => {
  test.each(soundFiles)("%s has no findings", (file) => {
    expect(lintText(readFileSync(root + file, "utf8"), { envoy: version, folder: root })).toEqual([]);
  });
});

const manager = (field: string): string =>
  [
    '"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    "stat_prefix: in",
    "rds: { route_config_name: r, config_source: { ads: {} } }",
    'http_filters: [{ name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }]',
    `${field}: {}`,
  ].join("\n");

describe("a field that a version does not have yet is refused with the version that has it", () => {
  const fields = [
    ["1.36", "forward_proto_config", "1.38"],
    ["1.37", "forward_proto_config", "1.38"],
    ["1.38", "drain_timeout_jitter", "1.39"],
  ] as const;

  test.each(fields)("%s: %s", (envoy, field, first) => {
    expect(lintText(manager(field), { envoy })).toMatchObject([
      {
        rule: "not-in-version",
        line: 5,
        column: 1,
        path: field,
        message: `HttpConnectionManager has no field ${field} in Envoy ${envoy}: it is there since ${first}`,
      },
    ]);
  });

  test("and is taken by the version that has it", () => {
    expect(
      lintText(manager("forward_proto_config"), { envoy: "1.38.3" }).filter(
        ({ rule }) => rule === "not-in-version",
      ),
    ).toEqual([]);
  });
});

test("a type that a version does not have yet is refused in the same way", () => {
  const text =
    '"@type": type.googleapis.com/envoy.extensions.filters.http.ai_protocol_manager.v3.AiProtocolManager\n';

  expect(lintText(text, { envoy: "1.36" })).toMatchObject([
    {
      rule: "not-in-version",
      message: expect.stringMatching(/^Envoy 1\.36 has no type envoy\..*: it is there since 1\.\d+$/),
    },
  ]);
});

test("a field is deprecated from the version that deprecates it", () => {
  const text = [
    '"@type": type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm',
    "config: { capability_restriction_config: {} }",
  ].join("\n");

  expect(lintText(text, { envoy: "1.39" })).toEqual([]);
  expect(lintText(text, { envoy: "1.40" })).toMatchObject([
    {
      rule: "deprecated",
      message:
        "capability_restriction_config is deprecated since 1.40: every Envoy up to 1.40 takes it with a warning, and any from 1.41 on may refuse it",
      suggestion: "vm_config: { capability_restriction_config: … }",
    },
  ]);
});

const upTo140 = "every Envoy up to 1.40 takes it with a warning, and any from 1.41 on may refuse it";

/** What the known versions make of a field, and what is said of it to one of them. */
// prettier-ignore
test.each([
  ["deprecated deprecated deprecated deprecated deprecated", "1.38", `since 1.36 or before: ${upTo140}`],
  ["absent sound deprecated deprecated deprecated", "1.38", `since 1.38: ${upTo140}`],
  ["sound sound sound deprecated deprecated", "1.40", `since 1.39: ${upTo140}`],
  ["sound deprecated deprecated disallowed disallowed", "1.38", "since 1.37: Envoy 1.39 refuses it"],
  ["deprecated deprecated disallowed absent absent", "1.36", "since 1.36 or before: Envoy 1.38 refuses it"],
  ["deprecated deprecated deprecated deprecated absent", "1.39", "since 1.36 or before: Envoy 1.40 no longer has it"],
])("of a field that is %s, Envoy %s is told what is to come", (standings, version, told) => {
  const known = new Map(standings.split(" ").map((standing, i) => [`1.${36 + i}`, standing as Standing]));

  expect(outlook(known, version)).toBe(told);
});

test("a version that is not known is the user's mistake", () => {
  expect(() => lintText("node: {}", { envoy: "2.0" })).toThrow(
    expect.objectContaining({ code: "invalid_input" }),
  );
});
