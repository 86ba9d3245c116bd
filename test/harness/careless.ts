import type { ExhaustFinding, ExhaustReport, FreshProxy, ReceivedRequest } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

export const authz = {
  filter: "header-authz",
  configuration: { rules: [{ allow: { header: "x-role", exact: "admin" } }] },
};

/** A filter that does something when it cannot read the role of a request. */
export function careless(way: string) {
  return {
    chain: [{ filter: guest("mishandles-failures"), configuration: { when_unread: way } }],
    limits: { callbackMs: 100 },
  };
}

/** How it asks for the role, and how that can fail, beside there being none. */
export const asks = "proxy_get_header_map_value";
export const failures = ["BadArgument", "InvalidMemoryAccess", "InternalFailure"] as const;

/** What came of the call that the filter makes by itself, and not by the SDK. */
export function own({ findings }: ExhaustReport): ExhaustFinding[] {
  return findings.filter(({ call }) => call === asks);
}

/** One who may not, and one who may. */
export async function userAndAdmin({ proxy, upstream }: FreshProxy): Promise<void> {
  const user = await proxy.get("/as-user", { headers: { "x-role": "user" } });
  const admin = await proxy.get("/as-admin", { headers: { "x-role": "admin" } });
  expect([user.status, admin.status]).toEqual([403, 200]);
  expect(upstream.requests).toHaveLength(1);
}

export const unauthorised = ({ path }: ReceivedRequest): boolean => path === "/as-user";

/** Every call of a name fails, none alone. */
export const always = { occurrences: 0, allocations: false } as const;
