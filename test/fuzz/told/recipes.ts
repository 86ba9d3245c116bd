import fc from "fast-check";
import { all, utf8 } from "./bytes.ts";
import { acceptedJson, type Json, type JsonObject } from "./json-model.ts";
import { jsonText, keys } from "./json-texts.ts";
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
    return json === null ? all(["refused"]) : new Reader(json).report(steps);
  },
);

const choices = ["refuse", "first", "every"];

/** Reads a value as the SDK's getters should: what each of them gives, and whether anything is wrong in the end. */
class Reader {
  private readonly results: string[] = [];
  private readonly readKeys = new Map<Json, Set<string>>();
  private isRefused = false;
  private readonly root: JsonObject;

  constructor(root: JsonObject) {
    this.root = root;
  }

  report(steps: readonly Step[]): string {
    this.members(this.root, steps);
    const isAccepted = !this.isRefused && this.isAllRead(this.root);
    return all([...this.results, isAccepted ? "accepted" : "refused"]);
  }

  private members(object: JsonObject, steps: readonly Step[]): void {
    for (const { op, operands } of steps) {
      const [bytes, least, most, nested] = operands as [string, number, number, { steps: readonly Step[] }];
      const key = Buffer.from(bytes, "latin1").toString();
      this.member(object, op.slice("Member.".length), key, [least, most], nested.steps);
    }
  }

  private member(
    object: JsonObject,
    getter: string,
    key: string,
    bounds: readonly [number, number],
    steps: readonly Step[],
  ): void {
    if (getter === "Object") return this.members(this.container(object, key, isObject) ?? {}, steps);
    if (getter === "Array") return this.elements(this.container(object, key, isArray) ?? [], steps);
    if (getter === "ArrayOrEmpty")
      return this.elements(has(object, key) ? (this.container(object, key, isArray) ?? []) : [], steps);
    if (getter === "Refuse") return this.refuse();
    this.results.push(utf8(String(this.scalar(object, getter, key, bounds))));
  }

  private scalar(
    object: JsonObject,
    getter: string,
    key: string,
    [least, most]: readonly [number, number],
  ): string | number {
    if (getter === "Has") return Number(has(object, key));
    if (getter === "OneKeyOf")
      return this.oneKeyOf(object, least < 0 ? ["exact", key] : ["exact", "prefix", key]);
    const defaults: Record<string, string | number> = {
      BytesOr: "or",
      StringOr: "or",
      BooleanOr: 1,
      IntegerOr: 7,
      OneOfOr: 2,
    };
    const absent = defaults[getter];
    if (absent !== undefined && !has(object, key)) return absent;
    const value = this.value(object, key);
    if (getter.startsWith("Bytes") || getter.startsWith("String"))
      return typeof value === "string" ? value : this.wrong("");
    if (getter.startsWith("Boolean")) return typeof value === "boolean" ? Number(value) : this.wrong(0);
    if (getter.startsWith("Integer"))
      return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
        ? Number(value) + 0
        : this.wrong(least);
    const choice = typeof value === "string" ? choices.indexOf(value) : -1;
    return choice < 0 ? this.wrong(0) : choice;
  }

  private oneKeyOf(object: JsonObject, wanted: readonly string[]): number {
    const found = [...wanted.keys()].filter((i) => has(object, wanted[i] ?? ""));
    if (found.length !== 1) this.refuse();
    return found.at(-1) ?? 0;
  }

  private elements(array: readonly Json[], steps: readonly Step[]): void {
    this.results.push(String(array.length));
    for (const { op, operands } of steps) {
      const [index, nested] = operands as [number, { steps: readonly Step[] }];
      this.element(array, op.slice("Element.".length), index, nested.steps);
    }
  }

  private element(array: readonly Json[], getter: string, index: number, steps: readonly Step[]): void {
    if (getter === "Refuse") return this.refuse();
    const value = index < 0 ? undefined : array[index];
    if (value === undefined) this.refuse();
    else this.note(array, String(index));
    if (getter === "Object")
      return this.members(isObject(value) ? value : (this.wrong({}) as JsonObject), steps);
    if (getter === "Array") return this.elements(isArray(value) ? value : (this.wrong([]) as Json[]), steps);
    this.results.push(utf8(typeof value === "string" ? value : this.wrong("")));
  }

  private container<T extends Json>(
    object: JsonObject,
    key: string,
    is: (value?: Json) => value is T,
  ): T | null {
    const value = this.value(object, key);
    return is(value) ? value : this.wrong(null);
  }

  private value(object: JsonObject, key: string): Json | undefined {
    if (!has(object, key)) return undefined;
    this.note(object, key);
    return object[key];
  }

  private note(container: Json, key: string): void {
    const known = this.readKeys.get(container) ?? new Set();
    this.readKeys.set(container, known.add(key));
  }

  private wrong<T>(harmless: T): T {
    this.refuse();
    return harmless;
  }

  private refuse(): void {
    this.isRefused = true;
  }

  /** Whether no member of an object is left that nobody asked for; elements need not be read. */
  private isAllRead(container: Json): boolean {
    const known = this.readKeys.get(container);
    return Object.entries(container as object).every(([key, value]: [string, Json]) => {
      if (known?.has(key) !== true) return isArray(container);
      return typeof value !== "object" || value === null || this.isAllRead(value);
    });
  }
}

function has(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key);
}

function isObject(value?: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isArray(value?: Json): value is Json[] {
  return Array.isArray(value);
}
