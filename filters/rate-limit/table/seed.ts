import { Bytes, randomBytes, SharedData, SipHash, utf8 } from "as-proxy-wasm";

const LENGTH = 16;

/**
 * The hash that all workers of a plugin have in common, under a random key that the first of them chooses: no client knows
 * which keys are neighbours. One of this VM's own where the host keeps nothing.
 */
export function agreedHash(data: SharedData): SipHash {
  const key = utf8("seed");
  const seen = data.get(key);
  if (seen !== null && seen.bytes.length == LENGTH) return new SipHash(seen.bytes);
  const chosen = randomBytes(LENGTH);
  data.replace(key, chosen, seen);
  const agreed = data.get(key);
  return new SipHash(agreed === null ? chosen : agreed.bytes);
}
