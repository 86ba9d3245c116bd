import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { HarnessError, startProxy, Upstream, type LogEntry, type ProxyOptions } from "proxy-wasm-harness";
import { expect, inject } from "vitest";
import { backend, inProject, test } from "../project.ts";
import type { Schema } from "../sdk/schema-samples.ts";
import { type Step, Steps } from "../sdk/schema-steps.ts";
import { isCi } from "../harness/requires-ci.ts";

/** What a filter refuses though its schema takes it, for draft-07 cannot say it, or only in a way that nobody reads. */
export interface Beyond {
  readonly path: RegExp;
  readonly what: RegExp;
  /** The filter's own words. */
  readonly reason: RegExp;
}

/** What is held against a filter's schema. */
export interface SchemaTests {
  readonly filter: string;
  /** Accepted by both; together they have every option. */
  readonly configurations: readonly object[];
  readonly beyond: readonly Beyond[];
  /** The cluster `service`, where the configurations name one. */
  readonly service?: Upstream;
}

/** Where filters are started. */
type Where = Pick<ProxyOptions, "backend" | "envoy">;

/** The schema of a filter's configuration. */
export async function schemaOf(filter: string): Promise<Schema> {
  const file = new URL(`../../filters/${filter}/schema.json`, import.meta.url);
  return JSON.parse(await readFile(file, "utf8")) as Schema;
}

/** What refuses a configuration; null when nothing does. */
export async function refusalOf(
  filter: string,
  configuration: unknown,
  service: Upstream = new Upstream(),
  where: Where = {},
): Promise<string | null> {
  try {
    const chain = [{ filter, configuration: JSON.stringify(configuration) }];
    await using proxy = await startProxy({ ...where, chain, clusters: { service } });
    const isComplaint = ({ message }: LogEntry): boolean =>
      proxy.backend === "embedded" || message.includes("configuration"); // Envoy's services may answer before it is read
    return proxy.startLogs.some(isComplaint) ? "it was accepted with a complaint" : null;
  } catch (error) {
    if (error instanceof HarnessError && error.code === "configuration_refused") return error.message;
    throw error;
  }
}

/**
 * Changes one thing at a time in configurations, and asks both the filter and its schema: they must agree, and what is
 * refused is refused in one line that names the place. In the embedded backend, where a start costs a few milliseconds; in
 * a real Envoy the first of each place that is to be accepted, and the first that is not.
 */
export async function testSchema(tests: SchemaTests): Promise<void> {
  const { filter, configurations, beyond } = tests;
  const schema = await schemaOf(filter);
  const isAllowed = new Ajv({ strict: true, strictRequired: false }).compile(schema);
  const steps = new Steps(schema);
  const all = configurations.flatMap((configuration) => [
    { what: "as it is", value: configuration, path: "" },
    ...steps.wrong(schema, configuration, ""),
    ...steps.otherwise(schema, configuration, ""),
  ]);
  const places = Object.entries(Object.groupBy(all, ({ path }) => path.replace(/\d+/g, "")));

  test(`${filter}: every option is in the configurations that are changed`, () => {
    const had = new Set(configurations.flatMap((each) => [...steps.options(schema, each)]));
    expect(optionsOf(schema, schema, "").filter((option) => !had.has(option))).toEqual([]);
    expect(beyond.filter((each) => !all.some((step) => isAbout(each, step)))).toEqual([]);
  });

  test.for(places)(
    `${filter}: %s is refused exactly where the schema refuses it`,
    async ([, group = []], { skip, envoys }) => {
      if (inject("proxyWasmConcurrency") === 4) skip("each worker reads its configuration as one does");
      if (backend !== "embedded" && !isCi)
        skip("changed configurations are tried in a real Envoy with CI=true");
      const surprises: string[] = [];
      const judged = group.map((step) => ({ step, isAllowed: isAllowed(step.value) }));
      for (const { step, isAllowed } of backend === "embedded" ? judged : firstOfEach(judged)) {
        const surprise = await surpriseOf({ ...tests, where: inProject(envoys) }, step, isAllowed);
        if (surprise !== null) surprises.push(`${step.path}, ${step.what}: ${surprise}`);
      }
      expect(surprises).toEqual([]);
    },
  );
}

function firstOfEach<J extends { readonly isAllowed: boolean }>(judged: readonly J[]): J[] {
  return [true, false].flatMap((isAllowed) => judged.find((each) => each.isAllowed === isAllowed) ?? []);
}

/** What the filter does other than the schema, or other than it must; null when it does neither. */
async function surpriseOf(
  tests: SchemaTests & { readonly where: Where },
  step: Step,
  isAllowed: boolean,
): Promise<string | null> {
  const { filter, beyond, service, where } = tests;
  const refusal = await refusalOf(filter, step.value, service, where);
  const known = beyond.find((each) => isAbout(each, step));
  if (refusal === null) return known === undefined && isAllowed ? null : "accepted";
  const isRight = isOneLine(refusal, filter, known?.reason ?? /./);
  const isExpected = known === undefined ? !isAllowed && names(refusal, step.path) : isAllowed;
  return isRight && isExpected ? null : refusal;
}

function isAbout({ path, what }: Beyond, step: Step): boolean {
  return path.test(step.path) && what.test(step.what);
}

/** Whether it is the filter's name, the place, its line and the reason, and no more. */
function isOneLine(refusal: string, filter: string, reason: RegExp): boolean {
  const [line = ""] = refusal.split("\n");
  const start = `plugin "${filter}" refused its configuration: ${filter}: configuration refused: `;
  const said = line.startsWith(start) ? line.slice(start.length) : "";
  return /^(\S+ \(line 1\)|line 1): ./.test(said) && reason.test(said);
}

/** Whether the place is that of the step, or of the object that it is in, or of the key that does not belong there. */
function names(refusal: string, path: string): boolean {
  const named = /configuration refused: (\S+) \(line/.exec(refusal)?.[1] ?? "";
  return [path, outside(path)].includes(named) || outside(named) === path;
}

function outside(path: string): string {
  return path.replace(/(^|\.)[^.[]*$|\[\d+\]$/, "");
}

/** The places of all options, without indices, those of a definition once; of conditions none: they are the SDK's. */
function optionsOf(root: Schema, schema: Schema, path: string, seen = new Set(["condition"])): string[] {
  const { $ref, properties = {}, oneOf = [], items } = schema;
  const name = $ref?.slice("#/definitions/".length);
  if (name !== undefined) {
    const isKnown = seen.has(name);
    seen.add(name);
    return isKnown ? [] : optionsOf(root, root.definitions?.[name] ?? {}, path, seen);
  }
  const own = Object.entries(properties).flatMap(([key, each]) => {
    const place = path === "" ? key : `${path}.${key}`;
    return [place, ...optionsOf(root, each, place, seen)];
  });
  const inside = oneOf.flatMap((each) => optionsOf(root, each, path, seen));
  return [...own, ...inside, ...(items === undefined ? [] : optionsOf(root, items, `${path}[]`, seen))];
}
