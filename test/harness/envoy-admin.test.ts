import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Admin } from "../../harness/src/envoy/admin.ts";
import { EnvoyLog } from "../../harness/src/envoy/envoy-log.ts";

/** A server in the place of Envoy's admin interface. */
async function adminThatAnswers(body: string): Promise<{ admin: Admin; log: EnvoyLog; asked: string[] }> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const log = new EnvoyLog([]);
  const admin = new Admin(`127.0.0.1:${(server.address() as AddressInfo).port}\n`, log);
  onTestFinished(() => {
    admin[Symbol.dispose]();
    server.close();
  });
  return { admin, log, asked };
}

const markerLine = (path: string): string =>
  String.raw`debug admin [Tags: \"ConnectionId\":\"0\"] request complete: path: ${path}`;

const questions: ReadonlyArray<[what: string, answer: string, ask: (admin: Admin) => Promise<unknown>]> = [
  ["catching up", "LIVE", (admin) => admin.catchUp()],
  ["asking for all ports", '{"listener_statuses":[]}', (admin) => admin.listenerPorts()],
  ["asking for histograms", '{"stats":[]}', (admin) => admin.histograms("^h$")],
  ["asking for what filters have counted", "", (admin) => admin.filterStats()],
  ["asking for what Envoy counts of itself", "", (admin) => admin.totals()],
];

test.for(questions)("%s waits for its own marker in the log, not for the answer", async ([, answer, ask]) => {
  const { admin, log, asked } = await adminThatAnswers(answer);
  const seen: string[] = [];
  const caughtUp = ask(admin).then(() => seen.push("caught up"));
  await expect.poll(() => asked).toEqual([expect.stringMatching(/[?&]marker=1$/)]);
  await admin.get("/ready"); // by now the answer to the marker has been read

  seen.push("line");
  log.add(markerLine(asked[0] ?? ""));
  await caughtUp;

  expect(seen).toEqual(["line", "caught up"]);
});

test("a listener on a Unix socket has no port", async () => {
  const tcp = { name: "in", local_address: { socket_address: { address: "127.0.0.1", port_value: 7 } } };
  const unix = { name: "pipe", local_address: { pipe: { path: "/run/pipe" } } };
  const { admin, log } = await adminThatAnswers(JSON.stringify({ listener_statuses: [tcp, unix] }));
  log.add(markerLine("/listeners?format=json&marker=1"));

  expect([...(await admin.listenerPorts())]).toEqual([
    ["in", 7],
    ["pipe", null],
  ]);
});

test("metrics are read without rounding, and the filters' own without their prefix", async () => {
  const { admin } = await adminThatAnswers(
    [
      "wasmcustom.denied: 3",
      "wasmcustom.a: b: 1",
      "gauge: 18446744073709551614",
      "h: P0(nan,1.0)",
      't: "x"',
    ].join("\n"),
  );

  expect([...(await admin.metrics())]).toEqual([["denied", 3n], ["a: b", 1n], ["gauge", 18446744073709551614n]]); // prettier-ignore
});

test("a listener that is not there is refused with what Envoy says", async () => {
  const { admin } = await adminThatAnswers('{"listener_statuses":[]}');

  await expect(admin.listenerPort("proxy")).rejects.toThrow(
    'Envoy has no listener "proxy", it says: {"listener_st',
  );
});
