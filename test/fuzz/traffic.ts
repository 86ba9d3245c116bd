import fc from "fast-check";

/** A request as the campaign sends it: valid in shape, hostile in its parts. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: ReadonlyArray<readonly [name: string, value: Uint8Array]>;
  readonly body: readonly Uint8Array[];
  readonly trailers: ReadonlyArray<readonly [name: string, value: Uint8Array]>;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Names that rules read come often, in any case; the others are tokens of any legal character. */
export const ruleNames = ["x-role", "x-team", "x-user"] as const;
const anyCase = fc.constantFrom(...ruleNames, "X-Role", "x-ROLE", "x-rol", "x-roles");
const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/);
const headerName = fc.oneof({ weight: 4, arbitrary: anyCase }, { weight: 2, arbitrary: token });

/** Pieces that decoders, comparisons and parsers stumble over. */
export const hostilePieces = [
  ...[
    "admin",
    "ops-",
    "user",
    "",
    " ",
    "\t",
    ",",
    ";",
    "=",
    '"',
    "\\",
    "%00",
    "../",
    "é",
    "\u{1f600}",
    "\ufeff",
  ].map(bytesOf),
  ...[
    [0xff],
    [0xc1, 0xa1],
    [0xe0, 0x81, 0xa1],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf0, 0x9f],
    [0xe9],
    [0x80],
    [0x00],
    [0x0d, 0x0a],
  ].map((bytes) => Uint8Array.from(bytes)),
];
const piece = fc.oneof(fc.constantFrom(...hostilePieces), fc.uint8Array({ maxLength: 20 }));
/** Without the control characters that no host lets into a header. */
export const sendable = (bytes: Uint8Array): Uint8Array =>
  bytes.filter((byte) => (byte >= 0x20 || byte === 0x09) && byte !== 0x7f);
const headerValue = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("admin", "admim", "ops-1", "user", "").map(bytesOf) },
  {
    weight: 5,
    arbitrary: fc.array(piece, { maxLength: 6 }).map((parts) => sendable(Buffer.concat(parts))),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 5000 }).map((length) => new Uint8Array(length).fill(0x61)),
  },
);
const fields = fc.array(fc.tuple(headerName, headerValue), { maxLength: 8 });

/** Of what Envoy makes a path: it answers 400 to a fragment and to bytes beyond ASCII. */
const pathPiece = fc.constantFrom(
  "/",
  "//",
  "a",
  "..",
  ".",
  "%2f",
  "%zz",
  "%",
  "?",
  "&",
  "=",
  "%23",
  "%c3%a9",
  "\\",
  ";",
  "%f0%9f%98%80",
);

export const request: fc.Arbitrary<FuzzRequest> = fc.record({
  method: fc.constantFrom("GET", "POST", "HEAD", "OPTIONS", "X-ODD"),
  path: fc.array(pathPiece, { maxLength: 8 }).map((parts) => `/${parts.join("")}`),
  headers: fields,
  body: fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 3 }),
  trailers: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fields }),
});
