import { describe, expect, test } from "vitest";
import { compileFilter } from "../compile.ts";
import { IMPORT } from "./build.ts";

describe("a compile error", () => {
  const FILTER = "class A extends HttpFilter {}";

  test.each([
    [
      "a decorated function",
      '@httpFilter("a") function f(): void {}',
      "@httpFilter decorates a class that extends HttpFilter",
    ],
    [
      "a decorator without a name",
      `@httpFilter() ${FILTER}`,
      '@httpFilter needs the plugin\'s root_id as a literal: @httpFilter("header-authz")',
    ],
    [
      "a decorator that is not called",
      `@httpFilter ${FILTER}`,
      "@httpFilter needs the plugin's root_id as a literal",
    ],
    [
      "a name that is no literal",
      `const NAME = "a"; @httpFilter(NAME) ${FILTER}`,
      "@httpFilter needs the plugin's root_id as a literal",
    ],
    [
      "a name given twice",
      `@httpFilter("a") ${FILTER} @httpFilter("a") class B extends HttpFilter {}`,
      'two filters are called "a": each needs a name of its own',
    ],
    [
      "a class without a base",
      '@httpFilter("a") class A {}',
      "class A is decorated with @httpFilter and must extend HttpFilter",
    ],
    [
      "a class with another base",
      'class B {} @httpFilter("a") class A extends B {}',
      "class A is decorated with @httpFilter and must extend HttpFilter",
    ],
    [
      "an access logger that is something else",
      'import { accessLogger, Service } from "as-proxy-wasm"; @accessLogger("a") class A extends Service {}',
      "class A is decorated with @accessLogger and must extend AccessLogger",
    ],
    [
      "a service that extends nothing",
      'import { service } from "as-proxy-wasm"; @service("a") class A {}',
      "class A is decorated with @service and must extend Service",
    ],
    [
      "a filter and a service of one name",
      'import { Service, service } from "as-proxy-wasm"; @service("a") class S extends Service {} @httpFilter("a") class A extends HttpFilter {}',
      'two filters are called "a": each needs a name of its own',
    ],
    [
      "a class with type parameters",
      '@httpFilter("a") class A<T> extends HttpFilter {}',
      "class A: a filter cannot have type parameters: decorate a class that extends it",
    ],
    [
      "a class in a namespace",
      'namespace N { @httpFilter("a") export class A extends HttpFilter {} }',
      "class A: @httpFilter needs a class at a file's top level",
    ],
    [
      "a program without a filter",
      "class A {}",
      'this module registers no filter: decorate a class with @httpFilter("root id") in filter.ts\n',
    ],
    [
      "a log call inside of an expression",
      `@httpFilter("a") ${FILTER} const x = (log.info("x"), 1);`,
      "log.info(…) must be a statement of its own",
    ],
    [
      "a comparison with a literal by ==",
      `@httpFilter("a") class A extends HttpFilter { onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { return headers.get(utf8("a")) == utf8("b") ? Action.Continue : Action.Pause; } }`,
      "== tells whether two Bytes are the same object: compare with equals()",
    ],
    [
      "process.exit",
      `@httpFilter("a") class A extends HttpFilter { onLog(): void { process.exit(1); } }`,
      "process.exit would end every stream of the worker: answer with respond() instead",
    ],
    ...["time", "timeLog", "timeEnd"].map((name) => [
      `console.${name}`,
      `@httpFilter("a") class A extends HttpFilter { onLog(): void { console.${name}("a"); } }`,
      `console.${name} keeps state that outlives a request: take currentTimeNanos() twice`,
    ]),
    ...["httpFilter", "networkFilter", "accessLogger", "service"].map((name) => [
      `@${name} that is called`,
      `import { ${name} as called } from "as-proxy-wasm"; @httpFilter("a") ${FILTER} called("a");`,
      `@${name} is no function to call: write it before a class, and let asconfig.json extend as-proxy-wasm/asconfig.json`,
    ]),
  ])("says what is wrong with %s", async (_, text, message) => {
    const { wasm, errors } = await compileFilter(IMPORT + text);
    expect(wasm).toBeNull();
    expect(errors).toContain(message);
    expect(errors).not.toContain("at Module");
  });

  test("points to the decorator's line", async () => {
    const { errors } = await compileFilter(`${IMPORT}\n\n@httpFilter("a") class A {}`);
    expect(errors).toContain("filter.ts(4,1)");
  });
});
