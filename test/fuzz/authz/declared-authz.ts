import { readFileSync } from "node:fs";
import fc from "fast-check";
import { wideAuthz } from "../wide-authz.ts";
import { declaredBy, type Schema, type Seeds } from "./declared.ts";
import { soundExpression, wrongExpression } from "./expressions.ts";
import { keySet } from "./keys.ts";

/** Mostly the first, since one part that is refused hides what is wrong with the others. */
const mostly = <T>(sound: fc.Arbitrary<T>, wrong: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 16, arbitrary: sound }, { weight: 1, arbitrary: wrong });
const words = (list: string): fc.Arbitrary<string> => fc.constantFrom(...list.split(" "));

const text = mostly(
  fc.constantFrom("admin", "a", "A", "ops-", "é", "1", "%", "a b", "0x"),
  fc.constantFrom("a,b", " a", "", "a\n"),
);
const headerName = mostly(words("x-role X-Team :method :path x-list"), fc.constantFrom("x y", ""));
const paths = mostly(words("/ /a /a/b /a/ /A /%41 /é"), words("* // /a/../b /.a a /a;b /a\\b"));
const hosts = mostly(words("localhost Example.com [::1] a_b-1"), words("a. a:80 a..b [ é [x] :"));
const ranges = mostly(
  words("10.0.0.0/8 127.0.0.1 ::/0 0.0.0.0/0 2001:db8::/32 ::ffff:1.2.3.4 1:2:3:4:5:6:7:8/128 2001:db8::/96"),
  words(
    "::1/127 10.0.0.1/8 10.0.0.0/33 ::/129 1.2.3.4/ 1.2.3.4/08 1.2.3.4/1000 x 1.2.3.4.5 01.2.3.4 ::1.2.3.256 " +
      "1:2:3:4:5:6:7:1.2.3.4 1:::2 1.2.3.4/x",
  ),
);
const expression = mostly(
  soundExpression.map(({ source }) => source),
  wrongExpression,
);
const hex = (length: number): fc.Arbitrary<string> =>
  mostly(words("00 aB 9f"), words("zz 0 g")).map((pair) => pair.repeat(length).slice(0, 2 * length));

const seeds: Seeds = {
  ...{ exact: text, prefix: text, suffix: text, contains: text, one_of: text, element: text },
  ...{ path_exact: paths, path_prefix: paths, path_one_of: paths, host_exact: hosts, host_one_of: hosts },
  ...{ header: headerName, query: mostly(words("a é"), fc.constant("")) },
  ...{
    regex: expression,
    client_address: ranges,
    local_jwks: keySet,
    roles: mostly(words("r a"), fc.constant("")),
  },
  claim: mostly(words("sub /a/b /a / // /a/~1"), fc.constant("")),
  present: mostly(fc.constant(true), fc.constant(false)),
  ...{ name: mostly(words("a r_1 b"), words("A é ")), keyid: mostly(words("k l"), words('a" ')) },
  ...{ sha256: hex(32), salt: hex(8) },
  secret: mostly(words("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="), words("AA== !")),
};
const schema = JSON.parse(
  readFileSync(new URL("../../../filters/header-authz/schema.json", import.meta.url), "utf8"),
) as Schema;
const properties = schema.properties ?? {};
/** Declared rules among credentials that are sound, and all that is declared. */
const declaredRules = fc
  .tuple(wideAuthz, declaredBy({ ...schema, properties: { rules: properties["rules"] ?? {} } }, seeds))
  .map(([wide, own]): unknown => ({ ...wide, ...(own as object) }));
const allowsAll = { allow: { path: { prefix: "/" } } };
/** Configurations of the shape that the schema of header-authz declares. */
export const declaredAuthz: fc.Arbitrary<unknown> = fc
  .oneof({ weight: 3, arbitrary: declaredRules }, { weight: 2, arbitrary: declaredBy(schema, seeds) })
  .map((each) => {
    const { rules } = each as { rules?: unknown };
    return Array.isArray(rules) ? { ...(each as object), rules: [...(rules as unknown[]), allowsAll] } : each;
  });
