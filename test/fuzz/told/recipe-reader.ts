import { all, utf8 } from "./bytes.ts";
import type { Json, JsonObject } from "./json-model.ts";
import type { Step } from "./steps.ts";

const choices = ["refuse", "first", "every"];

/** Reads a value as the SDK's getters should: what each of them gives, and whether anything is wrong in the end. */
export class RecipeReader {
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
