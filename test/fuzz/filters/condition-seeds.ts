import fc from "fast-check";
import { soundExpression, wrongExpression } from "../authz/expressions.ts";
import type { Seeds } from "./declared.ts";

/** Chooses between what is sound and what is not. */
export type Choice = <T>(sound: fc.Arbitrary<T>, wrong: fc.Arbitrary<T>) => fc.Arbitrary<T>;

/** The first so many times as often, since one part that is refused hides what is wrong with the others. */
export const oftener =
  (weight: number): Choice =>
  (sound, wrong) =>
    fc.oneof({ weight, arbitrary: sound }, { weight: 1, arbitrary: wrong });
/** One of the words. */
export const words = (list: string): fc.Arbitrary<string> => fc.constantFrom(...list.split(" "));

const ruleNames = "a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 a.b a-b a_b";
/** Names of rules, of which few come twice. */
export const ruleName = (mostly: Choice): fc.Arbitrary<string> => mostly(words(ruleNames), words('"a" A,b'));

/** What stands in conditions. */
export function conditionSeeds(mostly: Choice): Seeds {
  const text = mostly(
    fc.constantFrom("admin", "a", "A", "ops-", "é", "1", "%", "a b", "0x"),
    fc.constantFrom("a,b", " a", "", "a\n"),
  );
  const headerName = mostly(words("x-role X-Team :method :path x-list"), fc.constantFrom("x y", ""));
  const paths = mostly(words("/ /a /a/b /a/ /A /%41 /é"), words("* // /a/../b /.a a /a;b /a\\b"));
  const hosts = mostly(words("localhost Example.com [::1] a_b-1"), words("a. a:80 a..b [ é [x] :"));
  const ranges = mostly(
    words(
      "10.0.0.0/8 127.0.0.1 ::/0 0.0.0.0/0 2001:db8::/32 ::ffff:1.2.3.4 1:2:3:4:5:6:7:8/128 2001:db8::/96",
    ),
    words(
      "::1/127 10.0.0.1/8 10.0.0.0/33 ::/129 1.2.3.4/ 1.2.3.4/08 1.2.3.4/1000 x 1.2.3.4.5 01.2.3.4 ::1.2.3.256 " +
        "1:2:3:4:5:6:7:1.2.3.4 1:::2 1.2.3.4/x",
    ),
  );
  const expression = mostly(
    soundExpression.map(({ source }) => source),
    wrongExpression,
  );
  return {
    ...{ exact: text, prefix: text, suffix: text, contains: text, one_of: text, element: text },
    ...{ path_exact: paths, path_prefix: paths, path_one_of: paths, host_exact: hosts, host_one_of: hosts },
    ...{ header: headerName, query: mostly(words("a é"), fc.constant("")) },
    ...{ regex: expression, client_address: ranges },
    present: mostly(fc.constant(true), fc.constant(false)),
  };
}
