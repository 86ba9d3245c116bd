import { describe, expect, test } from "vitest";
import { adviceOn, besideFilter, inCallback, placeOf } from "./advice.ts";

describe("statements that AssemblyScript has not", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["try and catch", inCallback('«try { log.info("x"); } catch (e) { log.info("y"); }'), "AssemblyScript has no exceptions, nothing can be caught: test before the call, and return null or a result that says why"],
    ["try and finally", inCallback('«try { log.info("x"); } finally { log.info("y"); }'), "AssemblyScript has no exceptions, nothing can be caught: test before the call, and return null or a result that says why"],
    ["for…of", inCallback('«for (const x of ["a"]) log.info(x);'), "AssemblyScript has no `for…of`: count, `for (let i = 0; i < list.length; i++)`; of a Map or Set take keys() or values() first"],
    ["for…of of pairs", inCallback("const m = new Map<string, i32>(); for («const [k, v] of m) log.info(k);"), "AssemblyScript has no `for…of`: count, `for (let i = 0; i < list.length; i++)`; of a Map or Set take keys() or values() first"],
    ["for…in", inCallback("for (const «key in headers) log.info(key);"), "AssemblyScript has no `for…in`, and objects have no keys to list: use a Map and its keys()"],
    ["an async function", besideFilter("«async function f(): Promise<void> {}"), "AssemblyScript has no async, await or promises: return Action.Pause, ask by this.call(request, handler) or wait by a Timer, and go on in the handler's method by resumeRequest()"],
    ["an async method", besideFilter("class B { «async f(): Promise<void> {} }"), "AssemblyScript has no async, await or promises: return Action.Pause, ask by this.call(request, handler) or wait by a Timer, and go on in the handler's method by resumeRequest()"],
    ["await", inCallback('«await headers.get(utf8("a"));'), "AssemblyScript has no async, await or promises: return Action.Pause, ask by this.call(request, handler) or wait by a Timer, and go on in the handler's method by resumeRequest()"],
    ["for await", inCallback("«for await (const x of []) log.info(x);"), "AssemblyScript has no async, await or promises: return Action.Pause, ask by this.call(request, handler) or wait by a Timer, and go on in the handler's method by resumeRequest()"],
    ["a Promise", inCallback("let p: «Promise<string> | null = null;"), "AssemblyScript has no async, await or promises: return Action.Pause, ask by this.call(request, handler) or wait by a Timer, and go on in the handler's method by resumeRequest()"],
    ["a generator", besideFilter("function«* f(): i32 { yield 1; }"), "AssemblyScript has no generators: fill an array, or write a class with a method next()"],
    ["a label", inCallback("outer«: for (let i = 0; i < 2; i++) { continue outer; }"), "AssemblyScript has no labels: put the inner loop into a function and return from it"],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
