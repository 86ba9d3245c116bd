import { createHash } from "node:crypto";
import type { HeaderAuthz } from "./scenarios.ts";

const sha256 = (...parts: Array<string | Uint8Array>): string =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

/** A key as the configuration has it. */
export const apiKey = (name: string, key: string, roles: string[] = []) => ({
  name,
  sha256: sha256(key),
  roles,
});

/** A user as the configuration has it. */
export function user(name: string, password: string, roles: string[] = []) {
  const salt = sha256(name).slice(0, 32);
  return { name, salt, sha256: sha256(Buffer.from(salt, "hex"), password), roles };
}

/** What a client sends for a user. */
export const basic = (name: string, password: string | Uint8Array): string =>
  `Basic ${Buffer.concat([Buffer.from(`${name}:`), Buffer.from(password)]).toString("base64")}`;

export const ciKey = "ci-key-0123456789";
export const opsKey = "ops-key-0123456789";

/** Two keys and two users, and a realm. */
export const known = {
  realm: "shop",
  api_keys: { header: "x-api-key", keys: [apiKey("ci", ciKey), apiKey("ops", opsKey, ["deploy", "read"])] },
  basic: { users: [user("ada", "opensesame"), user("bob", "päss:word", ["admin"])] },
} satisfies Partial<HeaderAuthz>;
