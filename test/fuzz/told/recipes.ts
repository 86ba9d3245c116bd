import fc from "fast-check";
import { all, utf8 } from "./bytes.ts";
import { acceptedJson, type Json, type JsonObject } from "./json-model.ts";
import { jsonText, keys } from "./json-texts.ts";
import { RecipeReader } from "./recipe-reader.ts";
import { type Operand, operation, type Step } from "./steps.ts";

const scalars = [
  "Has",
  "Bytes",
  "BytesOr",
  "StringOr",
  "Boolean",
  "BooleanOr",
  "Integer",
  "IntegerOr",
  "OneOf",
  "OneOfOr",
];
const key = fc.constantFrom(...keys, "k0", "a").map(utf8);
const bounds = fc.constantFrom([-5, 9], [0, 1_000], [-0x80000000, 0x7fffffff]);

const { members } = fc.letrec<{ members: Step[]; elements: Step[] }>((tie) => {
  const inner = (steps: fc.Arbitrary<Step[]>) => steps.map((each) => ({ steps: each }));
  const member = (names: readonly string[], nested: fc.Arbitrary<Operand>) =>
    fc
      .tuple(fc.constantFrom(...names), key, bounds, nested)
      .map(([name, of, [least = 0, most = 0], then]) => ({
        op: `Member.${name}`,
        operands: [of, least, most, then],
      }));
  const element = (names: readonly string[], nested: fc.Arbitrary<Operand>) =>
    fc
      .tuple(fc.constantFrom(...names), fc.integer({ min: -1, max: 4 }), nested)
      .map(([name, at, then]) => ({ op: `Element.${name}`, operands: [at, then] }));
  const nothing = fc.constant({ steps: [] });
  return {
    members: fc.array(
      fc.oneof(
        { depthSize: "small", maxDepth: 3 },
        { weight: 5, arbitrary: member([...scalars, "OneKeyOf", "Refuse"], nothing) },
        { weight: 1, arbitrary: member(["Object"], inner(tie("members"))) },
        { weight: 2, arbitrary: member(["Array", "ArrayOrEmpty"], inner(tie("elements"))) },
      ),
      { maxLength: 6 },
    ),
    elements: fc.array(
      fc.oneof(
        { depthSize: "small", maxDepth: 3 },
        { weight: 3, arbitrary: element(["String", "Refuse"], nothing) },
        { weight: 1, arbitrary: element(["Object"], inner(tie("members"))) },
        { weight: 1, arbitrary: element(["Array"], inner(tie("elements"))) },
      ),
      { maxLength: 4 },
    ),
  };
});

/** A configuration, and the getters that fit it: so that some are accepted. */
const fitting = fc
  .dictionary(
    fc.constantFrom(...keys),
    fc.constantFrom<Json>(true, false, 5, -3, "first", "other", ["a", "b", "c"], [], {}, { k0: 1 }, [
      { k0: 1 },
    ]),
  )
  .map((json): [string, { steps: Step[] }] => [
    utf8(JSON.stringify(json)),
    { steps: Object.entries(json).map(fit) },
  ]);

function fit([name, value]: [string, Json]): Step {
  const [getter, steps] = fittingGetter(value);
  return { op: `Member.${getter}`, operands: [utf8(name), -5, 9, { steps }] };
}

function fittingGetter(value: Json): [string, Step[]] {
  if (typeof value === "boolean") return ["BooleanOr", []];
  if (typeof value === "number") return ["Integer", []];
  if (typeof value === "string") return [value === "first" ? "OneOf" : "StringOr", []];
  if (Array.isArray(value)) return ["Array", value.map(fitElement).reverse()];
  return ["Object", Object.entries(value as JsonObject).map(fit)];
}

/** What an object in an array holds is left unread, which refuses it. */
function fitElement(value: Json, index: number): Step {
  return {
    op: typeof value === "string" ? "Element.String" : "Element.Object",
    operands: [index, { steps: [] }],
  };
}

/** Reading a configuration by any getters: values and verdict are the model's. */
export const configuration = operation(
  "Reading.Configuration",
  fc.oneof(
    fc.tuple(
      jsonText,
      members.map((steps) => ({ steps })),
    ),
    fitting,
  ),
  ([text, { steps }]) => {
    const json = acceptedJson(text);
    return json === null ? all(["refused"]) : new RecipeReader(json).report(steps);
  },
);
