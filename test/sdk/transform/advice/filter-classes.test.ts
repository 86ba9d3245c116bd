import { describe, expect, test } from "vitest";
import { adviceOn, besideFilter, placeOf } from "./advice.ts";

describe("classes that would not be filters", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["a mistyped decorator", '«@httpfilter("a") class A extends HttpFilter {}', '@httpfilter is unknown: write @httpFilter(…), imported by `import { httpFilter } from "as-proxy-wasm"`'],
    ["the class as decorator", '«@HttpFilter("a") class A extends HttpFilter {}', '@HttpFilter is unknown: write @httpFilter(…), imported by `import { httpFilter } from "as-proxy-wasm"`'],
    ["a decorator by a namespace", '«import * as sdk from "as-proxy-wasm"; @sdk.httpFilter("a") class A extends sdk.HttpFilter {}', 'a namespace hides what the SDK looks for by its name: write `import { HttpFilter, httpFilter } from "as-proxy-wasm"`, and the names alone'],
    ["no decorator", "class «A extends HttpFilter {}", 'class A extends HttpFilter and serves no plugin: decorate it with @httpFilter("root id")'],
    ["no decorator on one of two", besideFilter("export class «B extends HttpFilter {}"), 'class B extends HttpFilter and serves no plugin: decorate it with @httpFilter("root id")'],
    ["an abstract class", '@httpFilter("a") abstract class «A extends HttpFilter {}', "class A is abstract: decorate a class that extends it"],
    ["a constructor with a parameter", '@httpFilter("a") class A extends HttpFilter { «constructor(a: i32) { super(); } }', "class A: a filter's constructor has no parameters; its configuration is this.config, in the callbacks"],
    ["a configuration that is an interface", `interface C { key: string; }
@httpFilter("a") class A extends HttpFilter<«C> {}`, "C is no configuration: declare `class C extends Configuration { read(json: JsonObject): void { … } }`"],
    ["a configuration that is any class", `class C { key: string = ""; }
@httpFilter("a") class A extends HttpFilter<«C> {}`, "C is no configuration: declare `class C extends Configuration { read(json: JsonObject): void { … } }`"],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });

  test("a filter of a class of the program's own may name what it likes to that class", async () => {
    const source = `class Item {}
abstract class Base<T> extends HttpFilter { items: T[] = []; }
@httpFilter("a") class A extends Base<Item> {}`;
    expect(await adviceOn(source)).toEqual([]);
  });
});
