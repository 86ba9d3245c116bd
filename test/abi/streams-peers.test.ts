import type { StartedProxy, Upstream } from "proxy-wasm-harness";
import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

/** What is done to a stream that waits, in a callback of another one. */
const turn = (callback: string, call: string, ask = "nowhere"): FilterTest =>
  filterTest(
    guest("takes-turns"),
    { in: callback, do: call, ask },
    { clusters: ["service"], grpcClusters: ["turns"] },
  );

interface Fixtures {
  readonly proxy: StartedProxy;
  readonly clusters: Readonly<Record<string, Upstream>>;
}

/** What becomes of the stream that waits, a status or an error's code, and of the other; then everything that was logged. */
async function exchange({ proxy, clusters }: Fixtures): Promise<{ ends: unknown[]; logs: string[] }> {
  const end = (name: string, headers: Record<string, string> = {}): Promise<unknown> =>
    proxy.get("/", { headers: { ...headers, "x-name": name } }).then(
      ({ status }) => status,
      ({ code }: { code: string }) => code,
    );
  const isHeld = new Promise<void>((resolve) =>
    clusters["service"]?.respond(() => {
      resolve();
      return {};
    }),
  );

  const waiting = end("first", { "x-wait": "" });
  await isHeld;
  const ends = await Promise.all([waiting, end("second")]);
  await proxy.settled();
  return { ends, logs: proxy.logs.map(({ message }) => message) };
}

const callouts = [
  ["call", "service"],
  ["call_grpc", "turns"],
  ["open_grpc_stream", "turns"],
] as const;

for (const callback of ["constructor", "request_headers", "response_headers", "log", "done"]) {
  const isMessage = callback.endsWith("headers");
  const name = callback === "request_headers" ? "onRequestHeaders" : "onResponseHeaders";

  turn(callback, "resume")(
    `a stream is resumed in ${callback} of another one`,
    async ({ proxy, clusters }) => {
      const { ends, logs } = await exchange({ proxy, clusters });

      expect(ends).toEqual([200, 200]);
      expect(logs).toContain("it has second");
    },
  );

  turn(callback, "close")(`a stream is closed in ${callback} of another one`, async ({ proxy, clusters }) => {
    expect((await exchange({ proxy, clusters })).ends).toEqual(["internal", 200]);
  });

  turn(callback, "respond")(
    `a stream is ${isMessage ? "not " : ""}answered in ${callback} of another one`,
    async ({ proxy, clusters }) => {
      const { ends, logs } = await exchange({ proxy, clusters });

      expect(ends).toEqual([isMessage ? 200 : 418, 200]);
      const refusals = logs.filter((line) => line.includes("refused"));
      const refusal = `a local reply was refused in ${name}: another stream's callback runs: close() the stream instead`;
      expect(refusals).toEqual(isMessage ? [refusal] : []);
    },
  );

  for (const [call, cluster] of callouts) {
    turn(callback, call)(
      `a ${call} that cannot be sent, made in ${callback} of another one, ends in the stream that asked`,
      async ({ proxy, clusters }) => {
        const { ends, logs } = await exchange({ proxy, clusters });

        expect(ends).toEqual([200, 200]);
        expect(logs).toContain("not sent to first");
        expect(logs).toContain("it has second");
      },
    );

    turn(
      callback,
      call,
      cluster,
    )(
      `a ${call} made in ${callback} of another one is answered in the stream that asked`,
      async ({ proxy, clusters, grpcClusters }) => {
        grpcClusters["turns"]?.stream("/pkg.Turns/Take", async function* () {
          yield "taken";
        });
        const { ends, logs } = await exchange({ proxy, clusters });

        expect(ends).toEqual([200, 200]);
        expect(logs).toContain("answered to first");
        expect(logs.filter((line) => line.includes("refused"))).toEqual([]);
      },
    );
  }
}
