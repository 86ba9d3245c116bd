import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { cases, type Case } from "./conditions.cases.ts";

const groups = Object.groupBy(cases, ({ about }) => about);

for (const [about, table] of Object.entries(groups)) {
  describe(about, () => {
    const configuration = { cases: (table ?? []).map(({ when, facts = {} }) => ({ when, facts })) };
    const test: FilterTest = filterTest(guest("judges-requests"), configuration);
    (table ?? []).forEach((judged, index) => defineTest(test, judged, index));
  });
}

function defineTest(test: FilterTest, judged: Case, index: number): void {
  const { about, when, facts, is, repeated = false, path = "/", method = "GET", headers = [], host } = judged;
  const title = [...Object.entries(facts ?? {}).flat(), ...headers.flat(), path, method, host ?? ""].join(
    " ",
  );
  test(`${about}: ${JSON.stringify(when)} for ${title} is ${is}`, async ({ proxy }) => {
    const response = await proxy.request({
      method,
      path,
      headers: [["x-case", String(index)], ...headers],
      ...(host === undefined ? {} : { authority: host }),
    });
    await proxy.settled();

    const [truth, sawRepeated] = response.text().split("|");
    expect([truth, sawRepeated === "repeated"]).toEqual([is, repeated]);
    expect(proxy.traps).toEqual([]);
  });
}

const counting = filterTest(guest("judges-requests"), {
  cases: [
    { when: { header: "x-key", exact: "k" } },
    {
      when: {
        any: [
          { header: "x-key", exact: "k" },
          { query: "key", exact: "k" },
        ],
      },
    },
    { when: { all: [{ path: { prefix: "/" } }, { header: "x-key", exact: "k" }] } },
    { when: { peer: { exact: "spiffe://a/b" } } },
  ],
});

counting(
  "facts count which values conditions asked for, and which of them were absent",
  async ({ proxy }) => {
    const counts = async (number: number, path: string, key?: string): Promise<string> => {
      const headers = { "x-case": String(number), ...(key === undefined ? {} : { "x-key": key }) };
      return (await proxy.get(path, { headers })).text().split("|")[2] ?? "";
    };

    expect(await counts(0, "/", "k")).toBe("1/0");
    expect(await counts(0, "/")).toBe("0/1");
    expect(await counts(1, "/?key=x")).toBe("1/1");
    expect(await counts(1, "/?key=x", "k")).toBe("1/0");
    expect(await counts(2, "/")).toBe("0/1");
    expect(await counts(3, "/")).toBe("0/1");
  },
);
