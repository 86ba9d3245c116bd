import { isHeaderName, JsonArray, JsonObject, utf8 } from "as-proxy-wasm";
import { ClientAddressPart } from "./client-address-part";
import { JwtClaimPart, UnverifiedJwtClaimPart } from "./jwt-claim-parts";
import { Key } from "./key";
import { KeyPart } from "./key-part";
import {
  ConstantPart,
  HeaderPart,
  HostPart,
  MethodPart,
  PathPart,
  PathSegmentPart,
  RoutePart,
} from "./parts";

/** The first four are the plain ones. */
const PARTS = [
  "path",
  "method",
  "host",
  "route",
  "header",
  "path_segment",
  "client_address",
  "jwt_claim",
  "unverified_jwt_claim",
  "constant",
];

/** More parts than this no key has. */
const MOST_PARTS = 8;

/** Reads the parts of a key, each an object with exactly one of `PARTS`. */
export function readKey(parts: JsonArray): Key {
  if (parts.length == 0) parts.refuse('must not be empty: for one limit for all say { "constant": "all" }');
  if (parts.length > MOST_PARTS) parts.refuse("must have at most 8 parts");
  const read: KeyPart[] = [];
  for (let i = 0; i < parts.length; i++) read.push(readPart(parts.object(i)));
  return new Key(read);
}

/** Reads an object with exactly one of `PARTS`. */
export function readPart(json: JsonObject): KeyPart {
  const part = PARTS[json.oneKeyOf(PARTS)];
  if (part == "header") return readHeader(json);
  if (part == "path_segment") return new PathSegmentPart(<i32>json.integer(part, 1, 64));
  if (part == "client_address") return readClientAddress(json.object(part));
  if (part == "jwt_claim") return readJwtClaim(json.object(part));
  if (part == "unverified_jwt_claim") return readUnverifiedJwtClaim(json.object(part));
  if (part == "constant") return new ConstantPart(json.bytes(part));
  if (!json.boolean(part)) json.refuse(part, "must be true");
  return plainPart(part);
}

/** The parts that there is nothing more to say about. */
function plainPart(part: string): KeyPart {
  if (part == "path") return new PathPart();
  if (part == "method") return new MethodPart();
  if (part == "host") return new HostPart();
  return new RoutePart();
}

function readHeader(json: JsonObject): KeyPart {
  const name = json.bytes("header");
  if (!isHeaderName(name)) json.refuse("header", "must be the name of a header");
  return new HeaderPart(name);
}

function readClientAddress(json: JsonObject): KeyPart {
  const bitsOfV4 = <i32>json.integerOr("ipv4_prefix_bits", 1, 32, 32);
  return new ClientAddressPart(bitsOfV4, <i32>json.integerOr("ipv6_prefix_bits", 1, 128, 64));
}

function readJwtClaim(json: JsonObject): KeyPart {
  const claim = json.bytes("claim");
  if (claim.length == 0) json.refuse("claim", "must not be empty");
  const payloadKey = json.bytes("payload_in_metadata");
  if (payloadKey.length == 0) json.refuse("payload_in_metadata", "must not be empty");
  return new JwtClaimPart(claim, payloadKey);
}

function readUnverifiedJwtClaim(json: JsonObject): KeyPart {
  const claim = json.bytes("claim");
  if (claim.length == 0) json.refuse("claim", "must not be empty");
  const header = json.bytesOr("header", utf8("authorization"));
  if (!isHeaderName(header)) json.refuse("header", "must be the name of a header");
  return new UnverifiedJwtClaimPart(claim, header);
}
