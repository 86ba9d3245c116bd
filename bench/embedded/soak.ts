// `npm run bench -- --only embedded --soak 10000000`: whether the memory of Node and of the guest stays flat.
import { setImmediate as turn } from "node:timers/promises";
import v8 from "node:v8";
import { runInNewContext } from "node:vm";
import { authorized, startAuthz } from "./authz.ts";
import { watchedMemories } from "./guest-memories.ts";

const SAMPLES = 20;
/** What was observed is kept up to a bound, which is reached long before this part of the requests. */
const WARM_SAMPLES = 4;

/** More than this after that is growth; what is resident goes up and down by a half of V8's space for young objects. */
const MOST_GROWTH_MIB = { heap: 4, guest: 0, resident: 32 };
type Part = keyof typeof MOST_GROWTH_MIB;
type Sample = Readonly<Record<Part, number>>;

/** Sends so many requests to one proxy; a line for each sample and each verdict, and whether all stayed flat. */
export async function soakEmbedded(requests: number, print: (line: string) => void): Promise<boolean> {
  const memories = watchedMemories();
  await using proxy = await startAuthz();
  const samples: Sample[] = [];
  const perSample = Math.ceil(requests / SAMPLES);
  for (let i = 0; i < SAMPLES; i++) {
    for (let sent = 0; sent < perSample; sent++) await authorized(proxy);
    await proxy.settled();
    await turn();
    samples.push(sampleOf(memories()));
    print(`${(i + 1) * perSample} requests: ${textOf(samples.at(-1))}`);
  }
  const parts = Object.keys(MOST_GROWTH_MIB) as Part[];
  const verdicts = parts.map((part) => verdict(part, samples));
  for (const { line } of verdicts) print(line);
  return verdicts.every(({ isFlat }) => isFlat);
}

const collectGarbage = ((): (() => void) => {
  v8.setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
})();

function sampleOf(guestBytes: number): Sample {
  collectGarbage();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: mib(heapUsed + arrayBuffers), guest: mib(guestBytes), resident: mib(rss) };
}

function textOf(sample: Sample | undefined): string {
  const parts = Object.entries(sample ?? {}).map(([part, value]) => `${part} ${value.toFixed(1)} MiB`);
  return parts.join(", ");
}

function verdict(
  part: Part,
  samples: readonly Sample[],
): { readonly line: string; readonly isFlat: boolean } {
  const grown = (samples.at(-1)?.[part] ?? NaN) - (samples[WARM_SAMPLES - 1]?.[part] ?? NaN);
  const isFlat = grown <= MOST_GROWTH_MIB[part];
  return { line: `${part}: ${isFlat ? "flat" : `grown by ${grown.toFixed(1)} MiB`}`, isFlat };
}

function mib(bytes: number): number {
  return bytes / 2 ** 20;
}
