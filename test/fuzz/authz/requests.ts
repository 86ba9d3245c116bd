import fc from "fast-check";
import type { Field } from "../host/fields.ts";
import { credentialLine } from "../wide-authz.ts";
import { anyToken } from "./tokens.ts";

const latin1 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("latin1");

const targetPiece = fc.constantFrom(
  ..."/ // a A .. . %2f %5C %00 %41 %25 %zz % é %c3%a9 %ff \\ ; ;x=1 * ?a=1 ?a=%41&a=+ &a &a+b=2 &%61=%zz =%e9 ?a=A,b # ? + ?a=1&a=1 ?a=-3&a=%2B7 ?a=% &a=12 ?%61=007 ?é=a ?%c3%A9 ?%C3%A9=".split(
    " ",
  ),
);
const target = fc
  .tuple(
    fc.constantFrom("/", "/", "/", "", "*", "http://h", "h-1.+://", "x y://h/", "://", "a", "\\"),
    fc.array(targetPiece, { maxLength: 5 }),
  )
  .map(([first, pieces]) => latin1(first + pieces.join("")));
const authority = fc.constantFrom(
  ..."localhost LOCALHOST example.com Example.com. a.b:80 a:123456 a:x a: [::1] [::1]:80 [FE80::1]x [ ] [] [g::1] [a.b] .a a..b a_b-1 a%b é . :80"
    .split(" ")
    .map(latin1),
  "",
);
const addresses =
  "10.0.0.1 1.2.3.4 1.2.3.256 1.2.3 01.2.3.4 1.2.3.4.5 :: ::1 1:: 1::2:3 1:2:3:4:5:6:7:8 1:2:3:4:5:6:7:8:9 1:2:3:4:5:6:7:: ::1:2:3:4:5:6:7:8 1::2::3 12345:: " +
  "::ffff:1.2.3.4 ::1.2.3.256 ::1.2.3.4:5 ::1.2.3.4x 1:2:3:4:5:6:7:1.2.3.4 2001:DB8::1 g:: 1: :1 1:2 fe80::1%eth0 x 1.2.3.04 1.2.3.";
const address = fc.constantFrom(...addresses.split(" "), "", "1".repeat(46));
const forwarded = fc.array(address, { minLength: 1, maxLength: 4 }).map((each) => each.join(", "));
/** The other end of the connection, as Envoy writes it, and as it does not. */
export const peerAddress = fc.oneof(
  fc
    .tuple(address, fc.constantFrom(":80", ":0", "", ":", ":123456", ":x", ":65535"))
    .map(([each, port]) => each + port),
  fc.tuple(address, fc.constantFrom("]:80", "]", ":1", "]:0")).map(([each, port]) => `[${each}${port}`),
);

const value = fc.constantFrom(
  ..."admin ADMIN a A ops-1 1 -3 +7 12 007 9007199254740993 é a,b a,,B xadminx ,".split(" ").map(latin1),
  ...["", " a , admin\t", "a b", " 5 ", "\xff"],
);
const number = fc.constantFrom("-3", "+7", " 5 ", "12", "-5", "2", "8", "-");
const line: fc.Arbitrary<Field> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom("x-role", "x-team", "x-list"), fc.oneof(value, number)) },
  { weight: 3, arbitrary: anyToken.map((token): Field => ["authorization", `Bearer ${token}`]) },
  { weight: 1, arbitrary: forwarded.map((each): Field => ["x-forwarded-for", each]) },
  {
    weight: 2,
    arbitrary: credentialLine.map(([name, bytes]): Field => [name, latin1(bytes).replace(/[\0\r\n]/g, "")]),
  },
);
const lacking = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { freq: 20 });
/** The headers of a request: targets, hosts and lists of addresses in every form, and credentials. */
export const requestFields: fc.Arbitrary<Field[]> = fc
  .tuple(
    lacking(fc.constantFrom("GET", "post", "X-ODD", "")),
    lacking(target),
    lacking(authority),
    fc.array(line, { maxLength: 5 }),
  )
  .map(([method, wanted, served, lines]) => {
    const pseudo = [
      [":method", method],
      [":path", wanted],
      [":authority", served],
    ] as const;
    return [...pseudo.flatMap(([name, each]) => (each === null ? [] : [[name, each] as const])), ...lines];
  });
