import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { attempts } from "./credentials.ts";
import { tokens } from "./tokens.ts";

for (const attempt of [...attempts, ...tokens]) {
  const { title, configuration, path = "/", status, reason, challenges = [] } = attempt;
  const test = filterTest("header-authz", configuration);

  test(title, async ({ proxy, upstream }) => {
    const response = await proxy.get(path, { headers: attempt.headers ?? [] });
    await proxy.settled();

    expect(response).toHaveStatus(status);
    expect(response.headers.all("www-authenticate")).toEqual(challenges);
    expect(proxy.accessLog.map(({ details }) => details)).toEqual([
      status === 200 ? "via_upstream" : `header_authz_${reason}`,
    ]);
    expect(upstream.requests).toHaveLength(status === 200 ? 1 : 0);
    expect(proxy.stats).toHaveCounter(`header_authz.${reason.replace(/\[.*/, "")}`, 1);
  });
}
