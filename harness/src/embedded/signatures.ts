import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { concatBytes } from "./body-buffer.ts";
import { bytesField, decodeFields, varintField } from "./protobuf.ts";

/** What Envoy 1.40 looks a hash's name up in; Node knows more. */
const HASHES: ReadonlySet<string> = new Set(["sha1", "sha224", "sha256", "sha384", "sha512"]);

type Fields = Map<number, number | Uint8Array>;

/** `verify_signature`; null for an argument that Envoy refuses, which has no key, or two. */
export function verifySignature(argument: Uint8Array): Uint8Array | null {
  const fields = decodeFields(argument);
  const key = fields === null ? null : keyIn(fields, 2, 5, "spki");
  if (fields === null || key === null) return null;
  return answering(2, () => {
    const isValid = verify(hashOf(fields), bytesOf(fields, 4), key(), bytesOf(fields, 3));
    return isValid ? varintField(1, 1) : failed(2, "Failed to verify digest. Error code: 0");
  });
}

/** `sign`; null as for `verifySignature`. */
export function signText(argument: Uint8Array): Uint8Array | null {
  const fields = decodeFields(argument);
  const key = fields === null ? null : keyIn(fields, 2, 4, "pkcs8");
  if (fields === null || key === null) return null;
  return answering(3, () => {
    const signature = sign(hashOf(fields), bytesOf(fields, 3), key());
    return concatBytes([varintField(1, 1), bytesField(2, signature)]);
  });
}

/** The key that an argument has in DER or in PEM; null when it has none, or both. */
function keyIn(fields: Fields, der: number, pem: number, type: "spki" | "pkcs8"): (() => KeyObject) | null {
  const [inDer, inPem] = [bytesOf(fields, der), bytesOf(fields, pem)];
  if (inDer.length > 0 === inPem.length > 0) return null;
  const create = type === "spki" ? createPublicKey : createPrivateKey;
  if (inPem.length > 0) return usable(type, () => create(refuseOtherKey(Buffer.from(inPem), type)));
  return usable(type, () => create({ key: Buffer.from(inDer), format: "der", type } as never));
}

/** What Envoy says of any key that is none for the purpose. */
const unusable = {
  spki: "Failed to initialize digest verify.",
  pkcs8: "Invalid key type: private key required for signing operation.",
} as const;

function usable(type: "spki" | "pkcs8", create: () => KeyObject): () => KeyObject {
  return () => {
    try {
      return create();
    } catch (cause) {
      throw new Error(unusable[type], { cause });
    }
  };
}

/** Node would derive the public key from a private one. */
function refuseOtherKey(pem: Buffer, type: "spki" | "pkcs8"): Buffer {
  const kind = type === "spki" ? "PUBLIC" : "PRIVATE";
  if (!pem.includes(`${kind} KEY-----`)) throw new Error(`no ${kind.toLowerCase()} key`);
  return pem;
}

/** What node:crypto throws, for an unknown hash or a key that is none, is an answer here. */
function answering(errorField: number, answer: () => Uint8Array): Uint8Array {
  try {
    return answer();
  } catch (error) {
    return failed(errorField, (error as Error).message);
  }
}

function failed(field: number, reason: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(reason));
}

function bytesOf(fields: Fields, field: number): Uint8Array {
  const value = fields.get(field);
  return value instanceof Uint8Array ? value : new Uint8Array();
}

/** The hash that an argument names, in any case. */
function hashOf(fields: Fields): string {
  const name = new TextDecoder().decode(bytesOf(fields, 1));
  if (!HASHES.has(name.toLowerCase())) throw new Error(`${name} is not supported.`);
  return name;
}
