import { any } from "proxy-wasm-harness";
import { ProxyProtocolSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/listener/proxy_protocol/v3/proxy_protocol";
import { listener, wasm, type StartedScenario } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";

/** Cases 0 to 3 ask for so many trusted hops. */
const cases = [0, 1, 2, 3].map((trusted_hops) => ({
  when: { method: { present: true } },
  facts: { trusted_hops },
}));

/** What Envoy can be told about `x-forwarded-for`. */
const settings = {
  off: {},
  off_hops: { xffNumTrustedHops: 1 },
  on: { useRemoteAddress: true },
  on_hops: { useRemoteAddress: true, xffNumTrustedHops: 1 },
  skip: { useRemoteAddress: true, skipXffAppend: true },
};

const test = scenarioTest(() => ({
  listeners: Object.entries(settings).map(([name, httpConnectionManager]) =>
    listener(name, {
      httpFilters: [wasm(guest("judges-requests"), { cases })],
      listenerFilters: [any(ProxyProtocolSchema)],
      routes: [],
      httpConnectionManager,
    }),
  ),
}));

interface Row {
  readonly setting: keyof typeof settings;
  /** Where the PROXY protocol says that the client is; Envoy takes it for the connection's other end. */
  readonly from: string;
  /** The lines of `x-forwarded-for`. */
  readonly lines: readonly string[];
  /** What Envoy puts into `source.address`, and what is in `x-forwarded-for` then. */
  readonly source: string;
  readonly forwarded: string;
  /** The client's address for 0 to 3 trusted hops. */
  readonly clients: readonly [string | null, string | null, string | null, string | null];
}

const v4 = "203.0.113.7";
const v6 = "2001:db8::7";
const forged = ["10.0.0.1, 10.0.0.2"];

// A table: one line a case.
// prettier-ignore
const rows: readonly Row[] = [
  { setting: "off", from: v4, lines: [], source: `${v4}:4711`, forwarded: "", clients: [v4, null, null, null] },
  { setting: "off", from: v6, lines: [], source: `[${v6}]:4711`, forwarded: "", clients: [v6, null, null, null] },
  { setting: "off", from: v4, lines: forged, source: "10.0.0.2:0", forwarded: "10.0.0.1, 10.0.0.2", clients: [null, "10.0.0.2", "10.0.0.1", null] },
  { setting: "off", from: v4, lines: ["10.0.0.1", "10.0.0.2"], source: "10.0.0.2:0", forwarded: "10.0.0.1,10.0.0.2", clients: [null, "10.0.0.2", "10.0.0.1", null] },
  { setting: "off", from: v4, lines: ["2001:DB8::1"], source: "[2001:db8::1]:0", forwarded: "2001:DB8::1", clients: [null, "2001:db8::1", null, null] },
  { setting: "off", from: v4, lines: ["10.0.0.1:99"], source: `${v4}:4711`, forwarded: "10.0.0.1:99", clients: [v4, null, null, null] },
  { setting: "off", from: v4, lines: ["10.0.0.1, x"], source: `${v4}:4711`, forwarded: "10.0.0.1, x", clients: [v4, null, null, null] },
  { setting: "off_hops", from: v4, lines: forged, source: "10.0.0.1:0", forwarded: "10.0.0.1, 10.0.0.2", clients: [null, "10.0.0.2", "10.0.0.1", null] },
  { setting: "on", from: v4, lines: [], source: `${v4}:4711`, forwarded: v4, clients: [v4, v4, null, null] },
  { setting: "on", from: v6, lines: [], source: `[${v6}]:4711`, forwarded: v6, clients: [v6, v6, null, null] },
  { setting: "on", from: v4, lines: forged, source: `${v4}:4711`, forwarded: `10.0.0.1, 10.0.0.2,${v4}`, clients: [v4, v4, "10.0.0.2", "10.0.0.1"] },
  { setting: "on", from: v6, lines: ["10.0.0.1", "10.0.0.2"], source: `[${v6}]:4711`, forwarded: `10.0.0.1,10.0.0.2,${v6}`, clients: [v6, v6, "10.0.0.2", "10.0.0.1"] },
  { setting: "on", from: v4, lines: ["10.0.0.1, x"], source: `${v4}:4711`, forwarded: `10.0.0.1, x,${v4}`, clients: [v4, v4, null, null] },
  { setting: "on", from: v4, lines: ["10.0.0.1,"], source: `${v4}:4711`, forwarded: `10.0.0.1,,${v4}`, clients: [v4, v4, null, null] },
  { setting: "on_hops", from: v4, lines: [], source: `${v4}:4711`, forwarded: v4, clients: [v4, v4, null, null] },
  { setting: "on_hops", from: v4, lines: forged, source: "10.0.0.2:0", forwarded: `10.0.0.1, 10.0.0.2,${v4}`, clients: [null, v4, "10.0.0.2", "10.0.0.1"] },
  { setting: "skip", from: v4, lines: forged, source: `${v4}:4711`, forwarded: "10.0.0.1, 10.0.0.2", clients: [v4, "10.0.0.2", "10.0.0.1", null] },
];

describe("the client's address", () => {
  for (const row of rows) {
    const title = `${row.setting}, from ${row.from}, with ${JSON.stringify(row.lines)}`;
    test(`${title}, is ${JSON.stringify(row.clients)}`, async ({ mesh }) => {
      const answers = [];
      for (const index of cases.keys()) answers.push(await ask(mesh, row, index));

      for (const { source, forwarded } of answers)
        expect({ source, forwarded }).toEqual({ source: row.source, forwarded: row.forwarded });
      expect(answers.map(({ client }) => client)).toEqual(row.clients);
    });
  }
});

const direct = scenarioTest(() => ({
  listeners: [
    listener("on", {
      httpFilters: [wasm(guest("judges-requests"), { cases })],
      routes: [],
      httpConnectionManager: { useRemoteAddress: true },
    }),
  ],
}));

direct("Envoy writes an address of its own for a client of this machine", async ({ mesh }) => {
  const response = await mesh.get("on", "/", { headers: { "x-case": "1", "x-forwarded-for": "10.0.0.1" } });
  const { client, source } = parse(response.text());

  expect(source).toMatch(/^127\.0\.0\.1:/);
  expect(client).not.toBeNull();
  expect(client).not.toMatch(/^127\.|^10\.0\.0\.1$/);
});

interface Answer {
  readonly client: string | null;
  readonly source: string;
  readonly forwarded: string;
}

/** Sends one request over a connection of its own, whose first line says where it is from. */
async function ask(mesh: StartedScenario, { setting, from, lines }: Row, index: number): Promise<Answer> {
  const connection = await mesh.connect(setting);
  const [family, to] = from.includes(":") ? ["TCP6", "::1"] : ["TCP4", "127.0.0.1"];
  const fields = ["host: localhost", `x-case: ${index}`, ...lines.map((line) => `x-forwarded-for: ${line}`)];
  await connection.send(`PROXY ${family} ${from} ${to} 4711 80\r\n`);
  await connection.send(`GET / HTTP/1.1\r\n${fields.join("\r\n")}\r\n\r\n`);
  const head = Buffer.from(await connection.receiveUntil("\r\n\r\n")).toString();
  const length = Number(/content-length: (\d+)/.exec(head)?.[1]);
  const body = Buffer.from(await connection.receive(length)).toString();
  await connection.end();
  return parse(body);
}

function parse(body: string): Answer {
  const [, , , client = "", source = "", forwarded = ""] = body.split("|");
  return { client: client === "" ? null : spelt(client), source, forwarded };
}

function spelt(hex: string): string {
  const groups = hex.match(/.{4}/g) ?? [];
  if (!hex.startsWith("00000000000000000000ffff"))
    return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
  return [...Buffer.from(hex, "hex").subarray(12)].join(".");
}
