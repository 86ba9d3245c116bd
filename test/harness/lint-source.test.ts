import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { lintText, type LintFinding, type LintOptions } from "proxy-wasm-harness";
import { describe, expect } from "vitest";
import { normalised } from "../../harness/src/envoy/log-line.ts";
import { test } from "./envoy-fixture.ts";

/** `3:1 rule path: message → suggestion`, of each finding. */
function found(text: string, options: LintOptions = {}): string[] {
  return lintText(text, options).map(line);
}

function line({ line, column, rule, path, message, suggestion }: LintFinding): string {
  return `${line ?? 0}:${column ?? 0} ${rule} ${path}: ${message}${suggestion === null ? "" : ` → ${suggestion}`}`;
}

describe("a text that cannot be read", () => {
  const texts: ReadonlyArray<readonly [what: string, text: string, finding: RegExp]> = [
    ["a tab", "node:\n\tid: a\n", /^2:1 syntax : Tabs are not allowed as indentation → indent with spaces$/],
    ["an open bracket", "node: { id: a\n", /^2:1 syntax : Flow map .* end with a }/],
    ["an open quote", 'node:\n  id: "a\n', /syntax : Missing closing "quote/],
    [
      "an unknown alias",
      "node: *gone\n",
      /^1:7 syntax : it cannot be read: no &gone stands before this \*gone$/,
    ],
    [
      "251 levels",
      `${"[".repeat(251)}${"]".repeat(251)}`,
      /syntax : .* it is nested deeper than 250 levels$/,
    ],
    [
      "an alias in its own anchor",
      "node: &a\n  metadata: { a: *a }\n",
      /syntax : .* an alias stands inside of its own anchor$/,
    ],
    ["JSON with a comma too many", '{ "node": { "id": "a" },, }', /^1:25 syntax : /],
    ["brackets in brackets", "[".repeat(3000) + "]".repeat(3000), /^1:\d+ syntax : /],
    ["aliases of aliases", bomb(), /syntax : it cannot be read: it has more than 200000 values$/],
  ];

  test.for(texts)("has a syntax error with its place: %s", ([, text, finding]) => {
    const [first, ...others] = found(text);
    expect(first).toMatch(finding);
    expect(others.filter((other) => !other.includes(" syntax "))).toEqual([]);
  });
});

/** Nine levels of nine aliases each. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
  return ["a0: &a0 [x]", ...levels].join("\n");
}

describe("YAML is read as Envoy reads it", () => {
  const texts: ReadonlyArray<
    readonly [what: string, text: string, findings: readonly string[], envoy: string]
  > = [
    ["an alias", "node: &n { id: a }\nadmin: { address: { pipe: { path: /tmp/a } } }\n", [], "OK"],
    [
      "a key that is there twice",
      "node: { id: a }\nnode: { id: b }\n",
      [
        "2:1 duplicate-key node: the key node is here a second time (first in line 1), and Envoy drops one of them in silence → keep one of them",
      ],
      "OK",
    ],
    [
      "a field in both spellings",
      "stats_flush_interval: 5s\nstatsFlushInterval: 6s\n",
      [
        "2:1 duplicate-key statsFlushInterval: stats_flush_interval is set twice, as stats_flush_interval and as statsFlushInterval → keep one",
      ],
      "OK",
    ],
    [
      "a merge key",
      "node: &n\n  id: a\nadmin:\n  <<: *n\n",
      [
        "4:3 merge-key admin[\"<<\"]: Envoy's YAML reader has no merge keys: no such field: '<<' → write the fields out, or let another tool expand the file first",
        "2:3 unknown-field admin.id: Admin has no field id → its fields are access_log, access_log_path, profile_path, address, socket_options, ignore_global_conn_limit, allow_paths",
      ],
      "no such field: '<<'",
    ],
    [
      "a second document",
      "node: { id: a }\n---\nnodee: { id: b }\n",
      [
        "3:1 several-documents : Envoy reads only the first document of a file, and passes over the others in silence → put each document into a file of its own",
      ],
      "OK",
    ],
    ["fields in camelCase", "statsFlushInterval: 5s\n", [], "OK"],
    [
      "an enum's value in lower case, and by number",
      "node: { id: a, cluster: b }\nstatic_resources: { clusters: [{ name: a, type: eds, lb_policy: 1, eds_cluster_config: { eds_config: { path_config_source: { path: ./package.json } } } }] }",
      [],
      "OK",
    ],
    ["a number in quotes", 'stats_server_version_override: "7"\n', [], "OK"],
    ["a wrapper in its old form", "stats_server_version_override: { value: 7 }\n", [], "OK"],
    ["nothing after a key", "node:\nadmin: ~\n", [], "OK"],
    ["a boolean in quotes", 'enable_dispatcher_stats: "true"\n', [], "OK"],
    ["the words of YAML 1.1", "enable_dispatcher_stats: Yes\n", [], "OK"],
    [
      "a type where it is known",
      'node: { "@type": type.googleapis.com/envoy.config.core.v3.Node }\n',
      [
        '1:9 unknown-field node["@type"]: Node has no @type here: the type of this field is known → remove it',
      ],
      "no such field: '@type'",
    ],
  ];

  test.for(texts)("%s", async ([, text, findings, words], { envoy }) => {
    expect(found(text).sort()).toEqual([...findings].sort());
    const run = promisify(execFile)(envoy.path, ["--mode", "validate", "--config-yaml", text]);
    const { stdout, stderr } = await run.catch((failure: { stdout: string; stderr: string }) => failure);
    expect(normalised(stdout + stderr)).toContain(words);
  });
});

describe("a file is known by its type or its keys", () => {
  const cluster = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
  const files: ReadonlyArray<readonly [what: string, text: string, finding: string]> = [
    ["a bootstrap", "nod: {}\n", "1:1 unknown-field nod: Bootstrap has no field nod → did you mean node?"],
    [
      "a listener",
      "name: in\nfilter_chain: []\naddress: {}\n",
      "2:1 unknown-field filter_chain: Listener has no field filter_chain → did you mean filter_chains?",
    ],
    [
      "a cluster",
      "name: a\nlb_polcy: RANDOM\nconnect_timeout: 1s\n",
      "2:1 unknown-field lb_polcy: Cluster has no field lb_polcy → did you mean lb_policy?",
    ],
    [
      "routes",
      "name: r\nvirtual_hosts: [{ name: a, domain: [b] }]\n",
      "2:28 unknown-field virtual_hosts[0].domain: VirtualHost has no field domain → did you mean domains?",
    ],
    [
      "a resource with its type",
      `"@type": ${cluster}\nname: a\ntyp: EDS\n`,
      "3:1 unknown-field typ: Cluster has no field typ → did you mean type?",
    ],
    [
      "a list",
      `- "@type": ${cluster}\n  nam: a\n`,
      "2:3 unknown-field [0].nam: Cluster has no field nam → did you mean name?",
    ],
    [
      "a response of discovery",
      `version_info: "1"\nresources: [{ "@type": ${cluster}, nam: a }]\n`,
      "2:77 unknown-field resources[0].nam: Cluster has no field nam → did you mean name?",
    ],
    [
      "JSON",
      `{"node":\n {"idd": "a"}}`,
      "2:3 unknown-field node.idd: Node has no field idd → did you mean id?",
    ],
    ["neither", "just text", '1:1 wrong-type : a configuration is a map, and here is the text "just text"'],
  ];

  test.for(files)("%s", ([, text, finding]) => {
    expect(found(text)).toContain(finding);
  });

  test("what a TypedStruct holds is read as the type that it names", () => {
    const text = [
      "name: f",
      "typed_config:",
      '  "@type": type.googleapis.com/xds.type.v3.TypedStruct',
      "  type_url: type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy",
      "  value: { allow_methodz: GET }",
    ];
    const filters = `name: in\nfilter_chains: [{ filters: [{ ${text[0]}, typed_config: { ${text.slice(2).join(", ")} } }] }]\n`;
    expect(found(filters)).toContainEqual(
      expect.stringContaining("typed_config.value.allow_methodz: CorsPolicy has no field allow_methodz"),
    );
  });

  test("a value beside its @type has one name", () => {
    const text =
      '"@type": type.googleapis.com/envoy.extensions.wasm.v3.PluginConfig\nconfiguration: { "@type": type.googleapis.com/google.protobuf.StringValue, valu: a }\n';
    expect(found(text)).toEqual([
      "2:76 unknown-field configuration.valu: a StringValue beside its @type has only value, and no valu → did you mean value?",
    ]);
  });

  test("a type that is in no API is not checked, and lint says so", () => {
    const [finding] = found('"@type": type.googleapis.com/acme.filters.Own\nanything: 1\n');
    expect(finding).toMatch(
      /^1:10 unchecked-type \["@type"\]: acme\.filters\.Own is not in the API of Envoy 1\.40/,
    );
  });
});

describe("a comment switches a rule off", () => {
  const broken = ["node: { idd: a }", "admin: { adress: {} }"];
  const rules = (text: string): string[] => found(text).map((one) => one.slice(0, one.indexOf(" ", 5)));

  test("at the end of a line, for that line", () => {
    const [first = "", second = ""] = broken;
    expect(rules(`${first} # proxy-wasm-lint: off unknown-field\n${second}\n`)).toEqual([
      "2:10 unknown-field",
    ]);
  });

  test("before all content, for the file", () => {
    expect(rules(`# proxy-wasm-lint: off unknown-field\n${broken.join("\n")}\n`)).toEqual([]);
  });

  test("on its own line, for the entry that follows with all that is in it", () => {
    const text = [
      "node: { idd: a }",
      "# proxy-wasm-lint: off unknown-field",
      "admin:",
      "  adress: {}",
      "nod: {}",
    ];
    expect(rules(`${text.join("\n")}\n`)).toEqual(["1:9 unknown-field", "5:1 unknown-field"]);
  });

  test("a list at the indentation of its key belongs to the entry", () => {
    const text = [
      "static_resources:",
      "  # proxy-wasm-lint: off unknown-field",
      "  clusters:",
      "  - nam: a",
      "    type: EDS",
      "  listenerz: []",
    ];
    expect(rules(`${text.join("\n")}\n`)).toEqual(["6:3 unknown-field"]);
  });

  test("several at once, and one that does not exist is named", () => {
    const text = `node: { idd: a } # proxy-wasm-lint: off unknown-field, wrong-typ\n`;
    expect(found(text)).toEqual([
      '1:1 unknown-rule : there is no rule "wrong-typ" → did you mean wrong-type?',
    ]);
  });

  test("options switch off, and make warnings of errors", () => {
    expect(lintText("nod: {}", { off: ["unknown-field"] })).toEqual([]);
    expect(lintText("nod: {}", { warn: ["unknown-field"] })).toMatchObject([{ severity: "warning" }]);
  });
});
