import {
  everySplit,
  type EverySplitOptions,
  type ReceivedRequest,
  type RepeatedOptions,
  type SplitReport,
  type SplitRun,
} from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";
import { test } from "../project.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

function uppercasing(way: string): RepeatedOptions {
  return { chain: [{ filter: guest("uppercases-text"), configuration: { way } }] };
}

/** What the upstream got of a body, and what the client got of the same. */
function there(body: string) {
  return async ({ proxy, upstream, chunks }: SplitRun) => {
    const { status } = await proxy.post("/", chunks(body));
    return { status, sent: upstream.requests.map((request) => request.body) };
  };
}

function back(body: string) {
  return async ({ proxy, upstream, chunks }: SplitRun) => {
    upstream.respond({ body: chunks(body) });
    return (await proxy.get("/")).body;
  };
}

const kinds = ({ tried }: SplitReport) => tried.map(({ kind, tried: count, total }) => [kind, count, total]);

test("capitals stay capitals however the bodies are cut", async () => {
  const report = await everySplit(uppercasing("whole"), async ({ proxy, upstream, chunks }) => {
    upstream.respond({ body: chunks("tür") });
    const { status, body } = await proxy.post("/", chunks("öl"));
    return { status, body, sent: upstream.requests[0]?.body };
  });

  expect(report).toHaveNoFindings();
});

test("a filter that takes bodies as a whole gives the same however they are cut", async () => {
  for (const scenario of [there("höllö"), back("höllö")]) {
    const report = await everySplit(uppercasing("whole"), scenario);

    expect(report).toHaveNoFindings();
    // 7 bytes: 2⁶ splits and 8 places for an empty chunk, each with its end alone and not
    expect(kinds(report)).toEqual([["all splits", 128, 128], ["an empty chunk", 16, 16]]); // prettier-ignore
    expect(report.runs).toBe(2 + 128 + 16);
  }
});

test.for([
  ["of a request", there],
  ["of a response", back],
] as const)("a character %s that is cut is found, by its cut alone", async ([, scenario]) => {
  const { findings } = await everySplit(uppercasing("each_chunk"), scenario("höll"));

  const [finding] = findings;
  expect(findings).toHaveLength(1);
  expect(finding?.replay).toEqual(["BodyChunks.cut(body, [2])"]);
  expect(JSON.stringify(finding?.uncut)).toContain("HÖLL");
  expect(JSON.stringify(finding?.cut)).not.toContain("HÖLL");
});

test("a finding in many cuts is made one of the fewest", async () => {
  const long = `${"a".repeat(600)}ö${"a".repeat(600)}`;
  const report = await everySplit(uppercasing("each_chunk"), there(long), { maxRuns: 6 });

  expect(report.findings[0]?.replay).toEqual(["BodyChunks.cut(body, [601])"]);
  const [start, end] = ["a".repeat(20), Buffer.from(`${"a".repeat(19)}\u00c3`, "latin1").toString("hex")];
  expect(String(report)).toContain(
    `body 1: "${start}", 561 bytes, "bytes ${end}" | "bytes b6${"61".repeat(19)}", 561 bytes, "${start}", then the end`,
  );
});

/** A scenario whose result changes with the lengths of the chunks. */
function hurtBy(isHurt: (lengths: readonly number[]) => boolean) {
  return ({ chunks }: SplitRun) =>
    isHurt(chunks("abcdef").chunks.map(({ length }) => length)) ? "hurt" : "";
}

test.for([
  [
    "cuts of which each alone does no harm",
    (lengths: readonly number[]) => lengths[1] === 2 && lengths.length > 2,
    /\[(1, 3|2, 4|3, 5)\]/,
  ],
  [
    "an empty chunk between two others",
    (lengths: readonly number[]) => lengths.slice(1, -1).includes(0),
    /\[(\d), \1\]/,
  ],
  ["an empty chunk at the end", (lengths: readonly number[]) => lengths.at(-1) === 0, /\[6\]/],
] as const)("%s: found by as few cuts as can be", async ([, isHurt, cuts]) => {
  for (const maxRuns of [40, 1_000]) {
    const { findings } = await everySplit(uppercasing("whole"), hurtBy(isHurt), { maxRuns });
    expect(findings[0]?.replay[0]).toMatch(cuts);
  }
});

test("those of fewer cuts come first", async () => {
  const counts: number[] = [];
  const counting = hurtBy(({ length }) => counts.push(length) < 0);
  const { tried } = await everySplit(uppercasing("whole"), counting);

  const subsets = counts.slice(2, 2 + (tried[0]?.tried ?? 0));
  expect(subsets).toEqual([...subsets].sort((a, b) => a - b));
  expect(subsets.at(-1)).toBe(6);
});

test("an empty chunk that is taken for the end is found", async () => {
  const { findings } = await everySplit(uppercasing("empty_is_end"), there("ab"));

  expect(findings).toMatchObject([
    {
      replay: ["BodyChunks.cut(body, [0])"],
      where: "the result.sent[0]",
      uncut: { sent: ["ab"] },
      cut: { sent: ["!ab"] },
    },
  ]);
});

test("a filter that minds whether the end is alone is found", async () => {
  const { findings } = await everySplit(uppercasing("end_with_bytes"), back("ab"));

  expect(findings).toMatchObject([
    { replay: ["BodyChunks.cut(body, [], { endsAlone: false })"], uncut: "ab", cut: "ab!" },
  ]);
});

test("a report shows both ways to cut, both results, and what was tried", async () => {
  const report = await everySplit(uppercasing("each_chunk"), back("ö"));

  expect(String(report).split("\n")).toEqual([
    "cut otherwise, the bodies give another result: the result differs",
    '  body 1: "bytes c3" | "bytes b6", then the end',
    "    replay: BodyChunks.cut(body, [1])",
    "  uncut: 'Ö'",
    expect.stringMatching(/^ {2}cut: {3}'.*'$/),
    expect.stringMatching(/^\d+ runs; bodies of 2 bytes; all splits 3 of 4$/),
  ]);
  expect(() => expect(report).toHaveNoFindings()).toThrow(
    /^expected no findings, but there is\n {2}cut otherwise/,
  );
});

test("of results with many parts a report shows what differs", async () => {
  const report = await everySplit(uppercasing("empty_is_end"), there("a"));

  expect(String(report).split("\n")).toEqual([
    "cut otherwise, the bodies give another result: the result.sent[0] differs",
    '  body 1: "" | "a", then the end',
    "    replay: BodyChunks.cut(body, [0])",
    "  uncut: 'a'",
    "  cut:   '!a'",
    "7 runs; bodies of 1 byte; all splits 2 of 2, an empty chunk 1 of 4",
  ]);
});

test("two bodies are cut each by itself and together", async () => {
  const both = async ({ proxy, upstream, chunks }: SplitRun) => {
    upstream.respond(() => ({ body: chunks("abc") }));
    const { body } = await proxy.post("/", chunks("xyz"));
    return { body, sent: upstream.requests[0]?.body };
  };
  const report = await everySplit(uppercasing("whole"), both);

  expect(report).toHaveNoFindings();
  expect(kinds(report)).toEqual([["all splits", 16 * 4, 64], ["an empty chunk", 8 * 4, 32]]); // prettier-ignore
});

test("the body whose cuts count is told from the others", async () => {
  const { findings } = await everySplit(uppercasing("each_chunk"), async ({ proxy, upstream, chunks }) => {
    for (const body of ["ab", "ö", "ab"]) await proxy.post("/", chunks(body));
    return upstream.requests.map(({ body }) => body);
  });

  expect(findings).toMatchObject([
    { replay: ["BodyChunks.cut(body, [])", "BodyChunks.cut(body, [1])", "BodyChunks.cut(body, [])"] },
  ]);
});

test("of a long body every cut alone, pairs, every byte by itself and a sample are tried, and told", async () => {
  const body = "ä".repeat(60);
  const report = await everySplit(uppercasing("whole"), there(body), { maxRuns: 330 });

  expect(report).toHaveNoFindings();
  const tried = kinds(report);
  expect(tried.map(([kind]) => kind)).toEqual([
    ...["uncut", "single cuts", "an empty chunk", "pairs of cuts", "each byte by itself", "a sample"],
  ]);
  expect(tried).toContainEqual(["single cuts", 238, 238]);
  expect(tried).toContainEqual(["each byte by itself", 2, 2]);
  expect(tried.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(330);
  expect(String(report)).toMatch(/pairs of cuts \d+ of 14042, each byte by itself 2 of 2, a sample of \d+$/);
});

test("the same seed takes the same sample, another takes another", async () => {
  const sampleOf = async (seed: number): Promise<string> => {
    const cut: string[] = [];
    await everySplit(
      uppercasing("whole"),
      async ({ proxy, chunks }) => {
        const body = chunks("a".repeat(40));
        cut.push(body.chunks.map(({ length }) => length).join(" "));
        return (await proxy.post("/", body)).status;
      },
      { maxRuns: 60, seed },
    );
    return cut.join("\n");
  };

  expect(await sampleOf(7)).toBe(await sampleOf(7));
  expect(await sampleOf(7)).not.toBe(await sampleOf(8));
});

test("what every run makes anew does not count, and everything else does", async () => {
  const scenario = (changed: (request: ReceivedRequest) => unknown) => {
    return async ({ proxy, upstream, chunks }: SplitRun) => {
      const response = await proxy.post("/", chunks("ab"));
      await proxy.settled();
      return { response, sent: upstream.requests, stats: proxy.stats, own: upstream.requests.map(changed) };
    };
  };

  expect(
    await everySplit(
      uppercasing("whole"),
      scenario(() => 1),
    ),
  ).toHaveNoFindings();
  const vague = everySplit(
    uppercasing("whole"),
    scenario(({ headers }) => headers.get("x-request-id")),
  );
  await expect(vague).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(
      /the result\.own\[0\] differs between two runs in which nothing is cut, '[0-9a-f-]{36}' and '[0-9a-f-]{36}': leave out/,
    ) as unknown,
  });
});

test("what is thrown when the body is cut is a difference, what is thrown uncut is thrown", async () => {
  const scenario =
    (most: number) =>
    async ({ chunks, proxy }: SplitRun) => {
      const body = chunks("ab");
      await proxy.post("/", body);
      if (body.chunks.length > most) throw new Error("too many");
      return { status: 200 };
    };
  const { findings } = await everySplit(uppercasing("whole"), scenario(1));

  expect(findings).toMatchObject([{ where: "the result", cut: { thrown: "Error: too many" } }]);
  await expect(everySplit(uppercasing("whole"), scenario(0))).rejects.toThrow("too many");
});

test.for([
  [{ maxRuns: 0 }, /maxRuns: 0 must be a whole number from 1 to 1000000/],
  [{ maxRuns: 1.5 }, /maxRuns: 1.5 must be a whole number from 1 to 1000000/],
  [{ maxRuns: Infinity }, /maxRuns: Infinity must be a whole number from 1 to 1000000/],
  [{ maxChunks: 3 }, /everySplit: unknown option "maxChunks": did you mean "maxRuns"\?/],
] as const)("the options %o are refused", async ([options, message]) => {
  await expect(
    everySplit(uppercasing("whole"), there("ab"), options as EverySplitOptions),
  ).rejects.toMatchObject({ code: "invalid_input", message: expect.stringMatching(message) as unknown });
});

test("a scenario that cuts nothing is refused", async () => {
  const uncut = everySplit(uppercasing("whole"), ({ proxy }) => proxy.post("/", "abc"));

  await expect(uncut).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(/the scenario cuts no body/) as unknown,
  });
});

test("a scenario that cuts only what is empty is refused", async () => {
  await expect(everySplit(uppercasing("whole"), there(""))).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(
      /cuts only empty bodies: send and answer .* of a body that has bytes/,
    ) as unknown,
  });
});

test("of a body of one byte, which cannot be cut, no sample is told", async () => {
  const report = await everySplit(uppercasing("whole"), there("a"), { maxRuns: 5 });

  expect(report).toHaveNoFindings();
  expect(kinds(report)).toEqual([["uncut", 2, 2], ["an empty chunk", 1, 4]]); // prettier-ignore
});

test.for([
  ["dates", (count: number) => new Date(count)],
  ["addresses", (count: number) => new URL(`http://localhost/${count}`)],
  ["buffers", (count: number) => Uint8Array.of(count).buffer],
  ["words", (count: number) => Uint32Array.of(count)],
] as const)("%s are compared by value", async ([, valueOf]) => {
  const scenario = ({ chunks }: SplitRun) => valueOf(chunks("ab").chunks.length);

  expect((await everySplit(uppercasing("whole"), scenario)).findings).toHaveLength(1);
});

test("a real Envoy gives the same however bodies are cut, and the report says what it may have read", async ({
  envoys,
  skip,
}) => {
  await requiresEnvoy(skip);
  const inEnvoy = { backend: "envoy", envoy: { pool: envoys } } as const;
  const both = async ({ proxy, upstream, chunks }: SplitRun) => {
    upstream.respond(() => ({ body: chunks("öb") }));
    const { body } = await proxy.post("/", chunks("xö"));
    return { body, sent: upstream.requests[0]?.body };
  };

  const messages = async ({ proxy, upstream, chunks }: SplitRun) => {
    upstream.respond(() => ({ body: chunks("ab") }));
    return { response: await proxy.post("/", chunks("cd")), sent: upstream.requests };
  };

  expect(await everySplit({ chain: [{ filter: guest("empty") }], ...inEnvoy }, messages)).toHaveNoFindings();
  const whole = await everySplit({ ...uppercasing("whole"), ...inEnvoy }, both);
  expect(whole).toHaveNoFindings();
  expect(kinds(whole)).toEqual([["all splits", 16, 16]]);
  expect(String(whole)).toMatch(
    /a real Envoy was sent one chunk after the other, and may have read several at once/,
  );
});
