import { backendProjects, type BackendProjectsOptions } from "proxy-wasm-harness/vitest/config";
import { expect, test } from "vitest";

const include = ["*.spec.ts"];

// A table: one line a mistake.
// prettier-ignore
const wrong: Array<[options: object, message: string]> = [
  [{ backend: ["embedded"] }, 'backendProjects: unknown option "backend": did you mean "backends"?'],
  [{ backends: ["envoi"] }, 'backendProjects: backends: "envoi" is not one of embedded, envoy, container'],
  [{ concurrency: 0 }, "envoy.concurrency: 0 must be a whole number from 1 to 1000"],
  [{ coverage: { library: true } }, 'backendProjects: coverage: unknown option "library": there are libraries, build'],
  [{ coverage: { build: "shipped" } }, 'backendProjects: coverage.build: "shipped" is not one of debug, release'],
];

test.for(wrong)("the options %o are refused", ([options, message]) => {
  expect(() => backendProjects({ include, ...options } as BackendProjectsOptions)).toThrow(
    expect.objectContaining({ code: "invalid_input", message }),
  );
});

test("each backend is a project, named after it and its workers", () => {
  const projects = backendProjects({ include, concurrency: 4, coverage: { build: "release" } });

  expect(projects.map(({ test: { name } = {} }) => name)).toEqual(["embedded-4-workers", "envoy-4-workers"]);
});
