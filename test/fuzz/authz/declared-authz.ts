import fc from "fast-check";
import { wideAuthz } from "../wide-authz.ts";
import { conditionSeeds, oftener, words } from "../filters/condition-seeds.ts";
import { declaredBy, schemaOf, type Seeds } from "../filters/declared.ts";
import { keySet } from "./keys.ts";

const mostly = oftener(16);
const hex = (length: number): fc.Arbitrary<string> =>
  mostly(words("00 aB 9f"), words("zz 0 g")).map((pair) => pair.repeat(length).slice(0, 2 * length));

const seeds: Seeds = {
  ...conditionSeeds(mostly),
  local_jwks: keySet,
  roles: mostly(words("r a"), fc.constant("")),
  claim: mostly(words("sub /a/b /a / // /a/~1"), fc.constant("")),
  ...{ name: mostly(words("a r_1 b"), words("A é ")), keyid: mostly(words("k l"), words('a" ')) },
  ...{ sha256: hex(32), salt: hex(8) },
  secret: mostly(words("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="), words("AA== !")),
};
const schema = schemaOf("header-authz");
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
    const { rules } = (each ?? {}) as { rules?: unknown }; // all of it may be null
    return Array.isArray(rules) ? { ...(each as object), rules: [...(rules as unknown[]), allowsAll] } : each;
  });
