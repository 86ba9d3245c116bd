import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { attempts } from "./credentials.ts";
import { tokens } from "./tokens.ts";

for (const { title, configuration, path = "/", headers = [], status, reason, challenges = [] } of [
  ...attempts,
  ...tokens,
]) {
  const test = filterTest("header-authz", configuration);

  test(title, async ({ proxy, upstream }) => {
    const response = await proxy.get(path, { headers });
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
