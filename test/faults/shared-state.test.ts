import { expect } from "proxy-wasm-harness/vitest";
import { backend } from "../project.ts";
import type { Step } from "../differential/program.ts";
import { playing, playingOnce, step } from "./playing.ts";

const counter = { slot: 1 };
const again = { slot: 2 };
const gauge = { slot: 3 };
const histogram = { slot: 4 };

/** What was answered, by the calls of a list. */
type Answers = Array<[call: Step, answer: RegExp]>;

// A table: one line a call.
// prettier-ignore
const metrics: Answers = [
  [{ call: "proxy_define_metric", with: [0, "faults.counter"], keep: 1 }, /→ Ok \d+$/],
  [{ call: "proxy_define_metric", with: [0, "faults.counter"], keep: 2 }, /→ Ok \d+$/],
  [{ call: "proxy_define_metric", with: [1, "faults.gauge"], keep: 3 }, /→ Ok \d+$/],
  [{ call: "proxy_define_metric", with: [2, "faults.histogram"], keep: 4 }, /→ Ok \d+$/],
  [step("proxy_define_metric", 7, "faults.x"), /→ BadArgument/],
  [step("proxy_define_metric", 0, ""), /→ Ok \d+$/],
  [step("proxy_increment_metric", counter, 2), /→ Ok$/],
  [step("proxy_increment_metric", again, 3), /→ Ok$/],
  [step("proxy_get_metric", counter), /→ Ok 0:5$/], // two ids of one name are one counter
  [step("proxy_increment_metric", counter, 0), /→ BadArgument$/],
  [step("proxy_increment_metric", counter, -1), /→ BadArgument$/],
  [step("proxy_record_metric", counter, 4), /→ Ok$/],
  [step("proxy_get_metric", counter), /→ Ok 0:9$/],
  [step("proxy_record_metric", gauge, 7), /→ Ok$/],
  [step("proxy_increment_metric", gauge, -9), /→ Ok$/],
  [step("proxy_get_metric", gauge), /→ Ok -1:-2$/], // 2^64 - 2
  [step("proxy_record_metric", gauge, 0), /→ Ok$/],
  [step("proxy_increment_metric", histogram, 1), /→ BadArgument$/],
  [step("proxy_get_metric", histogram), /→ BadArgument/],
  [step("proxy_record_metric", 9_999_996, 1), /→ NotFound$/],
];

const measuring = playingOnce(metrics.map(([call]) => call));

measuring.test("24: metrics are answered as Envoy does, the odd ones too", async ({ proxy }) => {
  await proxy.get("/");

  const answers = await measuring.said(proxy);
  expect(answers).toEqual(metrics.map(([, answer]) => expect.stringMatching(answer) as unknown));
  const ids = answers.slice(0, 2).map((answer) => / (\d+)$/.exec(answer)?.[1]);
  expect(ids[0]).not.toBe(ids[1]);
});

const keys = Array.from({ length: 300 }, (_, i) => `key ${i}`);
const storing = playing({
  proxy_on_request_headers: [
    { steps: keys.map((key) => step("proxy_set_shared_data", key, "x".repeat(64), 0)) },
    {
      steps: [
        step("proxy_set_shared_data", "key 7", "", 0),
        ...keys.map((key) => step("proxy_get_shared_data", key)),
      ],
    },
  ],
});

storing.test("25: shared data stays, and nothing takes a key away", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.get("/");

  const values = (await storing.said(proxy)).slice(keys.length + 1);
  expect(values).toHaveLength(keys.length);
  expect(values.filter((answer) => / → Ok cas \d+ "x{64}"$/.test(answer))).toHaveLength(keys.length - 1);
  expect(values[7]).toMatch(/ → Ok cas \d+ ""$/);
});

const impossible = 0xffff_fffe;
const competing = playingOnce([
  step("proxy_set_shared_data", "new", "first", impossible),
  step("proxy_set_shared_data", "new", "second", impossible),
  { call: "proxy_get_shared_data", with: ["new"], keep: 1 },
  step("proxy_set_shared_data", "new", "third", { slot: 1 }),
  step("proxy_set_shared_data", "new", "late", { slot: 1 }),
  step("proxy_set_shared_data", "new", "blind", 0),
]);

competing.test(
  "26: a key is created once by a number that no key has, and replaced by whoever knows its number",
  async ({ proxy }) => {
    await proxy.get("/");

    const outcomes = (await competing.said(proxy)).map((answer) => / → (\w+)/.exec(answer)?.[1]);
    expect(outcomes).toEqual(["Ok", "CasMismatch", "Ok", "Ok", "CasMismatch", "Ok"]);
  },
);

const known = [
  ...["verify_signature", "sign", "compress", "uncompress", "declare_property", "clear_route_cache"],
  ...(backend === "embedded" ? [] : ["expr_create"]), // where there is CEL
];
const calling = playingOnce(
  [...known, "no_such"].map((name) => step("proxy_call_foreign_function", name, "")),
);

calling.test("30: the foreign functions of Envoy 1.40 answer, and no other", async ({ proxy }) => {
  await proxy.get("/");

  const outcomes = (await calling.said(proxy)).map((answer) => / → (\w+)/.exec(answer)?.[1]);
  expect(outcomes.slice(0, -1)).not.toContain("NotFound");
  expect(outcomes.at(-1)).toBe("NotFound");
});
