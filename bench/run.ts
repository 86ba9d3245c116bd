// `npm run bench [-- --only t1,t3,tests --rounds 5 --seconds 2]`: what a filter costs in a real Envoy, ours and its peers'.
// `npm run bench -- --limits 100000`: whether the rate limiter keeps its promises under load, and its memory in bounds.
// `npm run bench -- --soak 1000000`: whether a real Envoy's memory stays flat under our filters.
// `npm run bench -- --only embedded [--soak 10000000]`: what the embedded host takes, which needs neither Envoy nor wrk.
import { parseArgs } from "node:util";
import { type EnvoyBinary, findEnvoy } from "proxy-wasm-harness";
import { buildFilters } from "./build.ts";
import { containerStart } from "./container-start.ts";
import { embeddedCosts } from "./embedded/costs.ts";
import { soakEmbedded } from "./embedded/soak.ts";
import { delayPrecision } from "./fault/precision.ts";
import { filterCosts } from "./filters.ts";
import { growth } from "./growth.ts";
import { campaign } from "./rate-limit/campaign.ts";
import { measure } from "./measure.ts";
import { soak } from "./soak.ts";
import { testCosts } from "./tests.ts";
import { heading, lines } from "./table.ts";
import { variantsOf } from "./variants.ts";
import { workloads } from "./workloads.ts";
import { hasWrk } from "./wrk.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "2" },
    soak: { type: "string" },
    limits: { type: "string" },
  },
});

const print = (line: string): void => console.log(line);
const envoy = await findEnvoy();
const missing = [
  process.platform === "linux" ? null : "this needs Linux: CPU time is read from /proc",
  envoy === null ? "no Envoy was found: `npx proxy-wasm fetch-envoy`" : null,
  (await hasWrk()) ? null : "wrk was not found: `apt-get install wrk`",
].find((reason) => reason !== null);

if (values.only === "embedded") {
  await buildFilters();
  await embedded();
} else if (missing !== undefined || envoy === null) {
  console.error(missing);
  process.exitCode = 1;
} else {
  await buildFilters();
  if (values.limits !== undefined) {
    const holds = await campaign(envoy.path, Number(values.limits), print);
    process.exitCode = holds ? 0 : 1;
  } else if (values.soak !== undefined) {
    const isFlat = await soak(envoy.path, Number(values.soak), print);
    process.exitCode = isFlat ? 0 : 1;
  } else await compare(envoy);
}

/** Prints the table of all workloads. */
async function compare(envoy: EnvoyBinary): Promise<void> {
  const effort = { rounds: Number(values.rounds), seconds: Number(values.seconds) };
  console.log(`Envoy ${envoy.version}, ${effort.rounds} rounds of ${effort.seconds} s\n\n${heading()}`);
  const wanted = values.only?.split(",") ?? [
    ...workloads.map(({ task }) => task),
    "filters",
    "tests",
    "fault",
    "container",
    "embedded",
  ];
  for (const workload of workloads.filter(({ task }) => wanted.includes(task))) {
    const variants = variantsOf(workload.task);
    if (variants.length === 0) continue;
    console.log(lines(workload, await measure(envoy.path, workload, variants, effort)).join("\n"));
  }
  if (wanted.includes("t3")) console.log(`\n${await growth(envoy.path, effort)}`);
  if (wanted.includes("filters")) for await (const line of filterCosts(envoy.path, effort)) console.log(line);
  if (wanted.includes("tests")) for await (const line of testCosts(envoy)) console.log(line);
  if (wanted.includes("fault")) for await (const line of delayPrecision(effort.rounds)) console.log(line);
  const start = wanted.includes("container") ? await containerStart(effort.rounds) : null;
  if (start !== null) console.log(`\n${start}`);
  if (wanted.includes("embedded")) await embedded();
}

/** Prints what the embedded host takes, or, with `--soak`, whether its memory stays flat. */
async function embedded(): Promise<void> {
  if (values.soak === undefined) {
    for await (const line of embeddedCosts(Number(values.rounds))) console.log(line);
  } else {
    const isFlat = await soakEmbedded(Number(values.soak), print);
    process.exitCode = isFlat ? 0 : 1;
  }
}
