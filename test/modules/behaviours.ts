import type { StartedProxy } from "proxy-wasm-harness";
import { expect, type FilterFixtures } from "proxy-wasm-harness/vitest";
import { text } from "../abi/connections.ts";
import type { ObeyingModule } from "./modules.ts";

/** What a module is asked to do, and all that is seen of it. */
export interface Behaviour {
  /** What it does, as the title of a test. */
  readonly does: string;
  /** Without which it cannot. */
  readonly needs?: string;
  shows(fixtures: FilterFixtures, module: ObeyingModule): Promise<void>;
}

/** What the module says while something is done, without what it says of each request. */
async function saidWhile(proxy: StartedProxy, act: () => Promise<unknown>): Promise<string[]> {
  await proxy.settled();
  const before = proxy.logs.length;
  await act();
  await proxy.settled();
  const lines = proxy.logs.slice(before).map(({ message }) => message);
  return lines.filter((line) => !/^end (true|false)$/.test(line));
}

/** Has the module do something; what it says of it. */
function obeyed(proxy: StartedProxy, order: string): Promise<string[]> {
  return saidWhile(proxy, () => proxy.get("/path?query", { headers: { "x-do": order } }));
}

/** What the module can do, one thing after the other: a proxy may be asked for all of it. */
export const behaviours: readonly Behaviour[] = [
  {
    does: "reads and changes headers",
    async shows({ proxy, upstream }, { empty }) {
      upstream.respond({ headers: { "x-up": "1" } });
      const sent = [["x-do", "fields"], ["x-a", "1"], ["x-a", "2"], ["x-b", "1"], ["x-empty", ""], ["x-gone", "1"]] as const; // prettier-ignore
      const lines = await saidWhile(proxy, async () => {
        const { headers } = await proxy.get("/", { headers: sent });
        expect([headers.get("x-up"), headers.get("x-by")]).toEqual(["changed", "filter"]);
      });

      const fields = upstream.requests.at(-1)?.headers;
      expect([fields?.all("x-a"), fields?.all("x-b")]).toEqual([["1", "2", "added"], ["replaced"]]);
      expect(fields?.has("x-gone")).toBe(false);
      const names = "x-do x-a x-a x-empty x-a x-b";
      expect(lines).toEqual(["a <1>", `empty ${empty}`, "none absent", names, "up <1>", "logged <200>"]);
    },
  },
  {
    does: "changes bodies that come in pieces",
    async shows({ proxy, upstream }) {
      upstream.respond({ body: ["an ", "answer"] });
      const response = await proxy.post("/", ["a ", "question"], { headers: { "x-do": "bodies" } });

      expect(text(upstream.requests.at(-1)?.body ?? new Uint8Array())).toBe("A QUESTION");
      expect(response.text()).toBe("an answer and more");
    },
  },
  {
    does: "changes trailers",
    async shows({ proxy, upstream }) {
      upstream.respond({ body: "answer", trailers: { "x-sum": "2" } });
      const lines = await saidWhile(proxy, async () => {
        const message = { headers: { "x-do": "trailers" }, trailers: { "x-sum": "1" } };
        const { trailers } = await proxy.post("/", "question", message);
        expect(trailers.toString()).toBe("x-more: 2");
      });

      expect(upstream.requests.at(-1)?.trailers.toString()).toBe("x-more: 1\nx-sum: changed");
      expect(lines).toEqual(["sum <1>", "sum <2>"]);
    },
  },
  {
    does: "answers in the upstream's place",
    async shows({ proxy, upstream }) {
      const before = upstream.requests.length;
      const response = await proxy.get("/", { headers: { "x-do": "reply" } });

      expect([response.status, response.text()]).toEqual([403, "no entry\n"]);
      expect(response.headers.all("x-why")).toEqual(["told so", "twice"]);
      expect(upstream.requests).toHaveLength(before);
    },
  },
  {
    does: "waits for a service",
    async shows({ proxy, upstream, clusters: { service } }) {
      service?.respond({ status: 202, body: "an answer" });

      expect(await obeyed(proxy, "call")).toEqual(["answered true 0"]);
      expect(upstream.requests.at(-1)?.headers.get("x-answer")).toBe("<202> <an answer>");
      const asked = service?.requests.at(-1);
      expect([asked?.method, asked?.path, asked?.headers.get("x-from")]).toEqual(["POST", "/called", "filter"]); // prettier-ignore
    },
  },
  {
    does: "hears of a service that does not answer",
    async shows({ proxy, upstream, clusters: { service } }) {
      service?.respond({ fault: "refuse" });

      expect(await obeyed(proxy, "call")).toEqual(["answered true 0"]);
      expect(upstream.requests.at(-1)?.headers.get("x-answer")).toMatch(/^<503> <upstream connect error/);
    },
  },
  {
    does: "is refused a service that there is not",
    async shows({ proxy }) {
      expect(await obeyed(proxy, "call nowhere")).toEqual(["refused BadArgument"]);
    },
  },
  {
    does: "replaces shared data, and loses to whoever was before it",
    async shows({ proxy }) {
      const replaced = ["Ok(())", "<one>", "Ok(())", "Err(CasMismatch)", "<two>"];

      expect(await obeyed(proxy, "data")).toEqual(["before absent false", ...replaced]);
      expect(await obeyed(proxy, "data")).toEqual(["before <two> true", ...replaced]);
    },
  },
  {
    does: "puts a message in a queue, and is given it",
    async shows({ proxy }) {
      expect(await obeyed(proxy, "queue")).toEqual([
        ...["true true", "Ok(())", "Err(NotFound)", "dequeued <a message>"],
      ]);
    },
  },
  {
    does: "counts",
    async shows({ proxy }) {
      expect(await obeyed(proxy, "metrics")).toEqual(["Ok(3) Ok(7)"]);
      expect(proxy.stats).toHaveCounter("obeys.counted", 3);
      expect(proxy.stats).toHaveGauge("obeys.gauged", 7);
      expect(proxy.stats).toHaveHistogram("obeys.sampled", { count: 1, sum: 42 });
    },
  },
  {
    does: "reads and sets properties",
    async shows({ proxy }) {
      expect(await obeyed(proxy, "properties")).toEqual(["</path?query>", "<obeying>", "absent", "<mine>"]);
    },
  },
  {
    does: "knows the time",
    async shows({ proxy }) {
      expect(await obeyed(proxy, "time")).toEqual(["true"]);
    },
  },
  {
    does: "is called by a timer",
    async shows({ proxy }) {
      if (proxy.backend === "embedded") await proxy.clock.advance(5);
      const ticks = async (): Promise<number> => {
        await proxy.settled();
        return proxy.stats.get("obeys.ticks") ?? 0;
      };

      await expect.poll(ticks).toBeGreaterThan(0);
    },
  },
  {
    does: "has the route chosen again",
    async shows({ proxy }, { lacks }) {
      const before = lacks.has("foreign functions") ? [] : ["<a text>", "Err(NotFound)", "Ok(None)"];

      expect(await obeyed(proxy, "foreign")).toEqual([...before, "route <other>"]);
    },
  },
  {
    does: "is told whether anything follows",
    needs: "end of stream",
    async shows({ proxy }) {
      await proxy.settled();
      const before = proxy.logs.length;
      await proxy.get("/");
      await proxy.post("/", "body");
      await proxy.settled();

      expect(proxy.logs.slice(before).map(({ message }) => message)).toEqual(["end true", "end false"]);
    },
  },
  {
    does: "asks a gRPC service",
    needs: "gRPC",
    async shows({ proxy, upstream, grpcClusters: { greeter } }) {
      greeter?.unary("/pkg.Greeter/Greet", ({ message }) => ({ message: `${text(message)} to you` }));

      expect(await obeyed(proxy, "greet")).toEqual(["asked true"]);
      expect(upstream.requests.at(-1)?.headers.get("x-answer")).toBe("0 <hello to you>");
      expect(greeter?.calls.at(-1)?.metadata.get("x-from")).toBe("filter");
    },
  },
  {
    does: "is told the status of a gRPC service",
    needs: "gRPC",
    async shows({ proxy, upstream, grpcClusters: { greeter } }) {
      greeter?.unary("/pkg.Greeter/Greet", () => ({ status: 7 }));
      await obeyed(proxy, "greet");

      expect(upstream.requests.at(-1)?.headers.get("x-answer")).toBe("7 absent");
    },
  },
  {
    does: "panics, and its VM is gone",
    async shows({ proxy }, { lacks }) {
      expect(await proxy.get("/")).toHaveStatus(200);
      expect(await proxy.get("/", { headers: { "x-do": "panic" } })).toHaveStatus(503);
      expect(await proxy.get("/")).toHaveStatus(503);
      await proxy.settled();

      expect(proxy.traps).toMatchObject([{ callback: "proxy_on_request_headers" }]);
      const words = proxy.logs.map(({ message }) => message).join("\n");
      expect(words.includes("it was told to")).toBe(!lacks.has("last words"));
    },
  },
];
