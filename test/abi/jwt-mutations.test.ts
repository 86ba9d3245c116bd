import { inject } from "vitest";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";
import { Random } from "../sdk/random.ts";
import { type Algorithm, judge, jwks, tokenOf } from "./tokens.ts";

const algorithms = ["RS256", "ES256", "HS256"] as const satisfies Algorithm[];
const test = filterTest(guest("verifies-tokens"), { jwks, algorithms });
const rounds = inject("proxyWasmBackend") === "embedded" ? 40 : 20;
const PER_REQUEST = 20;

/** What may stand in a header: no control characters, and no blank at either end. */
const CHARACTERS: [number, ...number[]] = [
  ...([0x80, 0xc3, 0xff] as const),
  ...Array.from({ length: 0x7f - 0x21 }, (_, i) => i + 0x21),
];

/** The token with a few bytes changed, dropped, doubled or exchanged, and never the same. */
function mutated(token: string, random: Random): string {
  const bytes = [...Buffer.from(token)];
  for (let i = random.below(3); i >= 0; i--) mutate(bytes, random);
  const text = Buffer.from(bytes).toString("latin1");
  return text === token ? mutated(token, random) : text;
}

function mutate(bytes: number[], random: Random): void {
  const at = random.below(bytes.length);
  const byte = random.pick(CHARACTERS);
  random.pick([
    () => (bytes[at] = byte),
    () => bytes.splice(at, 0, byte),
    () => bytes.splice(at, 1),
    () => bytes.splice(at),
    () => bytes.splice(at, 0, ...bytes.slice(at, at + random.below(40))),
    () => bytes.splice(at, random.below(40)),
    () => bytes.push(byte),
  ])();
}

for (const by of algorithms) {
  test(`${rounds * PER_REQUEST} changed tokens of ${by} are all refused, and the worker lives`, async ({
    proxy,
  }) => {
    const random = new Random(7);
    const token = tokenOf({ by });
    for (let i = 0; i < rounds; i++) {
      const tokens = random.list(PER_REQUEST, () => mutated(token, random));
      const verdicts = await judge(proxy, tokens);
      expect(verdicts).toHaveLength(PER_REQUEST);
      expect(tokens.filter((_, i) => verdicts[i] === "Valid")).toEqual([]);
    }

    expect(await judge(proxy, [token])).toEqual(["Valid"]);
    await proxy.settled();
    expect(proxy.logs.filter(({ level }) => level !== "trace" && level !== "debug")).toEqual([]);
  });
}
