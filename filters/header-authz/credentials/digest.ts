import { Bytes, decodeHex, JsonObject } from "as-proxy-wasm";

/** Hashes in the configuration. */
export namespace Digest {
  /** A SHA-256 in hexadecimal. */
  export function read(json: JsonObject, key: string): Bytes {
    const digest = decodeHex(json.bytes(key));
    if (digest !== null && digest.length == 32) return digest;
    json.refuse(key, "must be a SHA-256 in 64 hexadecimal digits");
    return Bytes.EMPTY;
  }

  /** Random bytes in hexadecimal. */
  export function readSalt(json: JsonObject, key: string): Bytes {
    const salt = decodeHex(json.bytes(key));
    if (salt !== null && salt.length >= 8 && salt.length <= 64) return salt;
    json.refuse(key, "must be 8 to 64 bytes in hexadecimal digits");
    return Bytes.EMPTY;
  }
}
