// `npm run bench -- --soak 1000000`: whether memory stays flat, over so many requests and with many streams open at a time.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { copies, type HttpFilter } from "./bootstrap.ts";
import { Envoy } from "./envoy.ts";
import { variantsOf } from "./variants.ts";
import { workloads, type Workload } from "./workloads.ts";
import { Load } from "./wrk.ts";

const OPEN_STREAMS = 1_000;
const ROUNDS = 40;
const SAMPLES = 10;

/** More than this in the second half of the work is growth; Envoy's allocator needs the first to find its level. */
const MOST_GROWTH_MIB = 2;

/** Loads our filter of each workload with so many requests; a line each, and whether all stayed flat. */
export async function soak(
  binary: string,
  requests: number,
  print: (line: string) => void,
): Promise<boolean> {
  let isFlat = true;
  const verdict = (line: string, mib: readonly number[]): void => {
    const grown = (mib.at(-1) ?? NaN) - (mib[mib.length >> 1] ?? NaN);
    isFlat &&= grown <= MOST_GROWTH_MIB;
    const samples = mib.map((sample) => sample.toFixed(1)).join(" ");
    print(`${line}: ${samples} MiB, ${grown <= MOST_GROWTH_MIB ? "flat" : `grown by ${grown.toFixed(1)}`}`);
  };
  for (const { name, workload, filters } of subjects()) {
    await using envoy = await Envoy.start(binary, filters);
    verdict(`${name}, ${requests} requests`, await manyRequests(envoy, workload, requests));
    verdict(`${name}, ${OPEN_STREAMS} streams open, ${ROUNDS} times`, await manyStreams(envoy, workload));
  }
  return isFlat;
}

/** Our filters, after an Envoy without one, whose own memory theirs is to be held against. */
function* subjects(): Generator<{ name: string; workload: Workload; filters: readonly HttpFilter[] }> {
  for (const [i, workload] of workloads.entries()) {
    const [ours] = variantsOf(workload.task);
    if (i === 0) yield { name: "no filter", workload, filters: [] };
    if (ours === undefined) continue;
    yield {
      name: `${workload.task.toUpperCase()}, ${copies} filters in the chain`,
      workload,
      filters: ours.filters,
    };
  }
}

/** The memory after each tenth of the requests. */
async function manyRequests(envoy: Envoy, workload: Workload, requests: number): Promise<number[]> {
  await using load = await Load.create(workload);
  const mib: number[] = [];
  for (let done = 0; done < requests;) {
    done += await load.put(envoy.origin, 1);
    if (done >= ((mib.length + 1) * requests) / SAMPLES) mib.push(await envoy.residentMib());
  }
  return mib;
}

/** The memory after each round in which so many streams have been open at once. */
async function manyStreams(envoy: Envoy, workload: Workload): Promise<number[]> {
  const mib: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const clients = await Promise.all(Array.from({ length: OPEN_STREAMS }, () => begin(envoy, workload)));
    await Promise.all(clients.map((client) => finish(client)));
    if (round % (ROUNDS / SAMPLES) === 0) mib.push(await envoy.residentMib());
  }
  return mib;
}

/** A request whose body is not complete: every filter has seen its headers, and the stream stays open. */
async function begin(envoy: Envoy, workload: Workload): Promise<Socket> {
  const { hostname, port } = new URL(envoy.origin);
  const client = connect(Number(port), hostname);
  await once(client, "connect");
  const headers = Object.entries(workload.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  client.write(
    `POST ${workload.paths[0]} HTTP/1.1\r\nhost: bench\r\ncontent-length: 4\r\n${headers.join("")}\r\nab`,
  );
  return client;
}

async function finish(client: Socket): Promise<void> {
  client.write("cd");
  const [answer] = (await once(client, "data")) as [Buffer];
  client.destroy();
  const status = answer.toString("latin1", 9, 12);
  if (status !== "200") throw new Error(`a stream that was held open was answered with ${status}`);
}
