import { generateKeyPairSync, sign } from "node:crypto";
import { deflateSync, gzipSync } from "node:zlib";
import { connectionCallbacks, conversation } from "../places/connections.ts";
import { begunMoments, greeted, waiting } from "../places/plugins.ts";
import { streamCallbacks } from "../places/streams.ts";
import type { Program, Step } from "../program.ts";
import { call, malformed, message } from "./foreign-calls.ts";
import { played, step, type Titled } from "./step.ts";

/** The same calls in a request and after it. */
function called(steps: readonly Step[]): Program {
  return { proxy_on_request_headers: { steps }, proxy_on_log: { steps } };
}

const nowhere = 0xffff_fff0;

const packed = deflateSync("a text that repeats itself ".repeat(20));
const zlib: Readonly<Record<string, readonly Step[]>> = {
  "bytes are compressed": ["", "x", "a text", "\0\u00ff\u00fe", nowhere].map((argument) =>
    call("compress", argument),
  ),
  "bytes are uncompressed": [packed, deflateSync(""), deflateSync("\0"), Buffer.concat([packed, packed])].map(
    (argument) => call("uncompress", argument),
  ),
  "bytes are not uncompressed": [
    ...["", "x", packed.subarray(0, 12), packed.subarray(0, -1), gzipSync("x"), packed.with(-1, 0), nowhere],
  ].map((argument) => call("uncompress", argument)),
};

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const curve = generateKeyPairSync("ec", { namedCurve: "P-256" });
const spki = { pem: { format: "pem", type: "spki" }, der: { format: "der", type: "spki" } } as const;
const pkcs8 = { pem: { format: "pem", type: "pkcs8" }, der: { format: "der", type: "pkcs8" } } as const;
const signed = sign("sha256", Buffer.from("a text"), rsa.privateKey);

/** Fields of `verify_signature`, and of `sign`. */
const verifies = { 1: "sha256", 3: signed, 4: "a text", 2: rsa.publicKey.export(spki.der) };
const { 2: publicDer, ...keyless } = verifies;
const publicPem = rsa.publicKey.export(spki.pem).toString();
const signs = { 1: "sha256", 3: "a text" };

const verify = (fields: Parameters<typeof message>[0]): Step => call("verify_signature", message(fields));
const signing = (fields: Parameters<typeof message>[0]): Step => call("sign", message(fields));

const signatures: Readonly<Record<string, readonly Step[]>> = {
  "signatures that are valid": [
    verify(verifies),
    verify({ ...keyless, 5: publicPem }),
    verify({ ...verifies, 1: "SHA256" }),
    verify({
      1: "sha384",
      2: curve.publicKey.export(spki.der),
      3: sign("sha384", Buffer.from("a text"), curve.privateKey),
      4: "a text",
    }),
    verify({ ...verifies, 3: sign("sha1", Buffer.alloc(0), rsa.privateKey), 4: "", 1: "sha1" }),
  ],
  "signatures of something else": [
    verify({ ...verifies, 4: "another text" }),
    verify({ ...verifies, 1: "sha512" }),
    verify({ ...verifies, 3: signed.subarray(1) }),
    verify({ ...verifies, 3: "" }),
    verify({ ...verifies, 2: curve.publicKey.export(spki.der) }),
  ],
  "hashes that are none": ["", "md5", "sha-256", "sha256 ", "sha3-256"].flatMap((hash) => [
    verify({ ...verifies, 1: hash }),
    signing({ ...signs, 1: hash, 2: rsa.privateKey.export(pkcs8.der) }),
  ]),
  "keys that are missing, or two": [
    verify(keyless),
    verify({ ...verifies, 5: publicPem }),
    signing(signs),
    signing({ ...signs, 2: rsa.privateKey.export(pkcs8.der), 4: rsa.privateKey.export(pkcs8.pem) }),
    ...["verify_signature", "sign"].flatMap((name) => [
      ...["", "x", malformed, nowhere].map((argument) => call(name, argument)),
    ]),
  ],
  "keys that are none": [
    verify({ ...keyless, 2: "no key" }),
    verify({ ...keyless, 5: "no key" }),
    verify({ ...keyless, 5: publicPem.replace("A", "B") }),
    verify({ ...keyless, 2: publicDer.subarray(0, -1) }),
    verify({ ...keyless, 5: rsa.privateKey.export(pkcs8.pem) }),
    verify({ ...keyless, 2: rsa.privateKey.export(pkcs8.der) }),
    verify({ ...keyless, 1: "md5", 2: "no key" }),
    signing({ ...signs, 1: "md5", 2: "no key" }),
    signing({ ...signs, 2: "no key" }),
    signing({ ...signs, 4: "no key" }),
    signing({ ...signs, 4: publicPem }),
    signing({ ...signs, 2: publicDer }),
  ],
  "what is signed": ["sha1", "sha224", "SHA256", "sha384", "sha512"].flatMap((hash) => [
    signing({ 1: hash, 3: "a text", 2: rsa.privateKey.export(pkcs8.der) }),
    signing({ 1: hash, 3: "", 4: rsa.privateKey.export(pkcs8.pem) }),
  ]),
};

const declare = (fields: Parameters<typeof message>[0]): Step => call("declare_property", message(fields));
const setAndRead = (name: string): Step[] => [
  step("proxy_set_property", name, "one"),
  step("proxy_set_property", name, "two"),
  step("proxy_get_property", name),
  step("proxy_get_property", `filter_state\0wasm.${name}`),
];

/** By a plugin itself, and by a stream, to which it says nothing; of FlatBuffers Envoy ends when it reads them as a whole. */
const declared: readonly Titled[] = [
  ...[0, 1].map((isReadOnly): Titled => [
    `a property is declared ${isReadOnly === 1 ? "read-only" : "for writing"} by its plugin`,
    played({
      proxy_on_configure: {
        steps: [declare({ 1: "mine", 2: isReadOnly }), declare({ 1: "mine", 2: 0 })],
        returns: 1,
      },
      proxy_on_request_headers: { steps: setAndRead("mine") },
      proxy_on_response_headers: { steps: setAndRead("mine") },
    }),
  ]),
  [
    "a property is declared read-only by a stream",
    played({
      proxy_on_request_headers: {
        steps: [declare({ 1: "mine", 2: 1 }), declare({ 1: "mine", 2: 1 }), ...setAndRead("mine")],
      },
      proxy_on_log: { steps: [declare({ 1: "mine", 2: 1 }), ...setAndRead("mine")] },
    }),
  ],
  [
    "a stream declares what its plugin has declared",
    played({
      proxy_on_configure: { steps: [declare({ 1: "mine", 2: 1 })], returns: 1 },
      proxy_on_request_headers: {
        steps: [
          declare({ 1: "mine" }),
          ...setAndRead("mine"),
          step("proxy_set_effective_context", 1),
          declare({ 1: "mine" }),
        ],
      },
    }),
  ],
  [
    "a property is declared when it is set already",
    played({
      proxy_on_request_headers: {
        steps: [
          step("proxy_set_property", "mine", "one"),
          declare({ 1: "mine", 2: 1 }),
          ...setAndRead("mine"),
        ],
      },
    }),
  ],
  [
    "properties of each type and span",
    played({
      proxy_on_configure: {
        steps: [0, 1, 3, 9].flatMap((number) => [
          declare({ 1: `type ${number}`, 3: number }),
          declare({ 1: `span ${number}`, 5: number }),
        ]),
        returns: 1,
      },
      proxy_on_request_headers: {
        steps: [0, 1, 3, 9].flatMap((number) => [
          ...setAndRead(`type ${number}`),
          ...setAndRead(`span ${number}`),
        ]),
      },
    }),
  ],
  [
    "declarations that are none",
    played(
      called([
        call("declare_property", malformed),
        call("declare_property", "x"),
        call("declare_property", nowhere),
      ]),
    ),
  ],
];

const clear = call("clear_route_cache", "");
const around: readonly Step[] = [
  step("proxy_get_property", "xds\0route_name"),
  clear,
  call("clear_route_cache", "ignored"),
  step("proxy_get_property", "xds\0route_name"),
];

const cleared: readonly Titled[] = [
  ...streamCallbacks.map((callback): Titled => [
    `a route is forgotten in ${callback}`,
    played({ [callback]: { steps: around } }),
  ]),
  ...connectionCallbacks.map((callback): Titled => [
    `a route is forgotten in ${callback} of a connection`,
    { ...conversation, program: { [callback]: { steps: [clear] } } },
  ]),
  ...begunMoments.map((moment): Titled => [
    `a route is forgotten in ${moment}`,
    played(waiting(moment, [clear]), greeted),
  ]),
];

/** Functions of Envoy's own, with what they take and with what they do not. */
export const foreign: readonly Titled[] = [
  ...Object.entries({ ...zlib, ...signatures }).map(([what, steps]): Titled => [what, played(called(steps))]),
  ...[...declared, ...cleared],
];
