import { readFile } from "node:fs/promises";
import { startProxy, Upstream, type StartedProxy } from "proxy-wasm-harness";
import { expect, test } from "vitest";

interface Filter {
  readonly filter: string;
  readonly configuration: object;
  /** What else a README's names stand for, by their placeholder. */
  readonly stands?: Readonly<Record<string, (page: string) => string[]>>;
  readonly histograms?: number;
  /** Brings about what is counted only once it has happened. */
  readonly drive?: (proxy: StartedProxy) => Promise<unknown>;
}

const limit = { requests: 1, per: "minute" };
const service = {
  cluster: "service",
  domain: "d",
  descriptors: [{ entries: [{ key: "k", value: { constant: "v" } }] }],
};
const grpc = { headers: { "content-type": "application/grpc" } };

const filters: Filter[] = [
  {
    filter: "fault-injection",
    configuration: { rules: [{ name: "slow", delay: { fixed_ms: 1 } }] },
  },
  {
    filter: "header-authz",
    configuration: { rules: [{ name: "admins", allow: { header: "x-role", present: true } }] },
    stands: { REASON: reasonsOf, NAME: () => ["admins"] },
  },
  {
    filter: "rate-limit",
    configuration: {
      rules: [
        { name: "local", key: [{ method: true }], limit },
        { name: "global", service },
      ],
    },
  },
  {
    filter: "metrics",
    configuration: { stat_prefix: "http", labels: [] },
    histograms: 3,
    drive: (proxy) => proxy.post("/", "", grpc),
  },
];

test.for(filters)("the README of $filter names every stat, and no other", async (filter) => {
  const page = await readFile(new URL(`../../filters/${filter.filter}/README.md`, import.meta.url), "utf8");
  const upstream = new Upstream();
  upstream.respond({ status: 503, ...grpc });
  const chain = [{ filter: filter.filter, configuration: JSON.stringify(filter.configuration) }];
  await using proxy = await startProxy({ chain, upstream, clusters: { service: new Upstream() } });
  await filter.drive?.(proxy);
  await proxy.settled();

  const names = named(page, filter);
  const own = new RegExp(`^(${filter.filter.replace("-", "_")}|http\\.(requests?|response|active)_\\w*)\\b`);
  const counted = proxy.stats.names().map((name) => name.replace(/\{.*/, ""));
  const isHistogram = (name: string): boolean => proxy.stats.histogram(name) !== null;
  const numbers = names.filter((name) => !isHistogram(name));
  expect([...new Set(counted)].filter((name) => own.test(name)).sort()).toEqual(numbers.sort());
  expect(names.length - numbers.length).toBe(filter.histograms ?? 0);
});

/** The names in the first column of the tables of a page's chapter on stats. */
function named(page: string, { filter, stands = {} }: Filter): string[] {
  const rows = chapter(page, "Stats").match(/^\| `.*?\|/gm) ?? [];
  const names = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
  return names
    .map((name) => name.replace("wasmcustom.", "").replace("….", `${filter.replace("-", "_")}.`))
    .filter((name) => /^\w+\./.test(name))
    .flatMap((name) => {
      const placeholder = /[A-Z]+$/.exec(name)?.[0];
      if (placeholder === undefined) return [name];
      return (stands[placeholder]?.(page) ?? []).map((value) => name.replace(placeholder, value));
    });
}

/** The reason codes of the chapter on answers, `_wrong` standing for one that begins as the first of its row, and what passes. */
function reasonsOf(page: string): string[] {
  const rows = chapter(page, "Answers").match(/^\| \d.*?\|.*?\|/gm) ?? [];
  return rows.flatMap((row) => {
    const [first = "", ...others] = [...row.matchAll(/`([^`]+)`/g)].map(([, name = ""]) =>
      name.replace("header_authz_", ""),
    );
    return [first, ...others.map((name) => first.replace(/_.*/, name))];
  });
}

function chapter(page: string, title: string): string {
  return new RegExp(`^## ${title}$(.*?)^## `, "ms").exec(page)?.[1] ?? "";
}
