import { expect, filterTest } from "proxy-wasm-harness/vitest";

const admin = { header: "x-role", exact: "admin" } as const;
const guest = { header: "x-role", exact: "guest" } as const;

const whole = filterTest("header-authz", {
  shadow: true,
  rules: [{ deny: guest, name: "no_guests" }, { allow: admin }],
});

whole(
  "a filter in shadow mode lets all pass, and counts what it would refuse",
  async ({ proxy, upstream }) => {
    for (const role of ["admin", "guest", "user"]) await proxy.get("/", { headers: { "x-role": role } });
    await proxy.settled();

    expect(upstream.requests).toHaveLength(3);
    expect(proxy.stats).toHaveCounter("header_authz.allowed", 1);
    expect(proxy.stats).toHaveCounter("header_authz.denied", 0);
    expect(proxy.stats).toHaveCounter("header_authz.shadow_denied", 2);
    expect(proxy.stats).toHaveCounter("header_authz.denied_by_rule", 1);
    expect(proxy.stats).toHaveCounter("header_authz.no_rule_matched", 1);
    expect(proxy.stats).toHaveCounter("header_authz.rule.no_guests", 1);
  },
);

whole("what would be refused is logged as such", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-role": "guest" } });
  await proxy.settled();

  expect(proxy.logs.map(({ level, message }) => `${level} ${message}`)).toContain(
    "info shadow header_authz_denied_by_rule[no_guests]: more of these are logged at debug",
  );
});

const rule = filterTest("header-authz", {
  rules: [
    { deny: { header: "x-twice", exact: "1" }, name: "tried_out", shadow: true },
    { allow: { header: "x-other", exact: "1" }, name: "let_in", shadow: true },
    { allow: admin, name: "admins" },
  ],
});

rule("a rule in shadow mode is counted, and decides nothing", async ({ proxy }) => {
  const headers = { "x-role": "admin", "x-twice": "1" };
  const denied = await proxy.get("/", { headers });
  const allowed = await proxy.get("/", { headers: { "x-other": "1" } });
  await proxy.settled();

  expect([denied.status, allowed.status]).toEqual([200, 401]);
  expect(proxy.stats).toHaveCounter("header_authz.rule.tried_out", 1);
  expect(proxy.stats).toHaveCounter("header_authz.rule.let_in", 1);
  expect(proxy.stats).toHaveCounter("header_authz.rule.admins", 1);
});

rule("what it reads twice refuses nobody", async ({ proxy }) => {
  const headers = [["x-role", "admin"], ["x-twice", "1"], ["x-twice", "2"]] as const; // prettier-ignore

  expect(await proxy.get("/", { headers })).toHaveStatus(200);
});

const named = filterTest("header-authz", {
  rules: [{ deny: guest, name: "no_guests" }, { deny: { header: "x-b", present: true } }, { allow: admin }],
});

named("the rule that refuses is named in the details, in a stat and in the log", async ({ proxy }) => {
  for (let i = 0; i < 3; i++) await proxy.get("/", { headers: { "x-role": "guest" } });
  await proxy.get("/", { headers: { "x-role": "admin", "x-b": "" } });
  await proxy.settled();

  const code = "header_authz_denied_by_rule[no_guests]";
  expect(proxy.accessLog.map(({ details }) => details)).toEqual([
    code,
    code,
    code,
    "header_authz_denied_by_rule",
  ]);
  expect(proxy.stats).toHaveCounter("header_authz.rule.no_guests", 3);
  expect(proxy.stats).toHaveCounter("header_authz.denied_by_rule", 4);
});

const fresh = filterTest("header-authz", { rules: [{ allow: admin, name: "admins" }] });

fresh("all that is counted is there with 0 from the start", async ({ proxy }) => {
  await proxy.settled();

  for (const name of [
    "allowed",
    "denied",
    "shadow_denied",
    "no_rule_matched",
    "token_expired",
    "rule.admins",
  ])
    expect(proxy.stats).toHaveCounter(`header_authz.${name}`, 0);
});

const verbose = filterTest("header-authz", { rules: [{ allow: admin }] }, { logLevel: "debug" });

verbose("each decision is logged at debug, and each cause once at info", async ({ proxy }) => {
  for (const role of ["admin", "user", "user"]) await proxy.get("/", { headers: { "x-role": role } });
  await proxy.settled();

  const lines = proxy.logs.filter(({ message }) => message.startsWith("header_authz_"));
  const debug = lines.filter(({ level }) => level === "debug").map(({ message }) => message);
  const info = lines.filter(({ level }) => level === "info");
  expect(debug).toEqual(
    ["allowed", "no_rule_matched", "no_rule_matched"].map((why) => `header_authz_${why}`),
  );
  expect(info.length).toBeLessThanOrEqual(2); // once in each worker
  expect(info.length).toBeGreaterThanOrEqual(1);
});
