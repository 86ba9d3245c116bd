import { Envoy } from "../envoy.ts";
import { bootstrap, ours } from "./bootstrap.ts";
import { send } from "./requests.ts";

const WORKERS = 4;
const DISTINCT = 1_000_000;
const MOST_GROWTH_MIB = 16;

const algorithms = ["token_bucket", "gcra", "sliding_window"] as const;

/** Whether the limits hold under load; a line for each thing that was tried. */
export async function campaign(
  binary: string,
  requests: number,
  print: (line: string) => void,
): Promise<boolean> {
  let holds = true;
  for (const algorithm of algorithms) {
    const half = requests / 2;
    const many = limitOf(algorithm, half);
    const hot = await load(binary, many, { requests, key: '"hot"' });
    const once = limitOf(algorithm, 1);
    const fresh = await load(binary, once, {
      requests,
      key: `"key-" .. math.floor(math.min(n, ${requests - 1}) / 16)`,
    });
    const keys = Math.ceil(requests / 16);
    holds &&= hot.admitted === half && fresh.admitted === keys;
    print(`${algorithm}: ${hot.admitted} admitted of ${requests}, ${half} were promised`);
    print(
      `${algorithm}: ${fresh.admitted} admitted of ${requests} to ${keys} fresh keys, one each was promised`,
    );
  }
  const grown = await growth(binary);
  print(`memory grew by ${grown.toFixed(1)} MiB when ${DISTINCT} keys came to each table`);
  return holds && grown < MOST_GROWTH_MIB;
}

/** So many at once, and next to nothing for a long time after: what a load lasts brings none. */
function limitOf(algorithm: (typeof algorithms)[number], requests: number): object {
  if (algorithm === "sliding_window") return { requests, per: "day", algorithm };
  return { requests: Math.ceil(requests / 10), window_ms: 31 * 86_400_000, burst: requests, algorithm };
}

interface Load {
  readonly requests: number;
  readonly key: string;
}

async function load(binary: string, limit: object, { requests, key }: Load): ReturnType<typeof send> {
  await using envoy = await Envoy.startWith(binary, bootstrap([ours(limiting([limit]))]), WORKERS);
  return await send(envoy.origin, requests, key);
}

/** By how much memory grows when so many keys come to both tables, after as many requests of one key. */
async function growth(binary: string): Promise<number> {
  const limits = [
    { requests: 10, per: "day" },
    { requests: 10, per: "day", algorithm: "sliding_window" },
  ];
  const shadow = limits.map((limit) => ({ limit, shadow: true }));
  await using envoy = await Envoy.startWith(binary, bootstrap([ours(limiting(limits, shadow))]), WORKERS);
  await send(envoy.origin, DISTINCT / 10, '"hot"');
  const before = await envoy.residentMib();
  await send(envoy.origin, DISTINCT, '"key-" .. n');
  return (await envoy.residentMib()) - before;
}

function limiting(limits: readonly object[], rest: readonly object[] = []): object {
  const rules = limits.map((limit, i) => ({ name: `r${i}`, key: [{ header: "x-key" }], limit, ...rest[i] }));
  return { rules };
}
