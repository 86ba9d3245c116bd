import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { column, lostColumn, matrix, plan } from "../../toolchain/matrix.mjs";
import { requiresCi } from "../harness/requires-ci.ts";
import { requiresEnvoy } from "../harness/requires-envoy.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Outcome {
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runMatrix(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  const env = { ...process.env, VITEST: undefined, NO_COLOR: "1", ...environment };
  const command = [path.join(root, "toolchain/tasks.mjs"), "test:matrix", ...args];
  return promisify(execFile)(process.execPath, command, { env }).catch((failure: Outcome) => failure);
}

const known = ["1.36.4", "1.37.0", "1.40.0"];

test.for([
  ["nothing: everything", [], known, ["test/filters", "test/abi"]],
  ["--short: the filters on the ends", ["--short"], ["1.36.4", "1.40.0"], ["test/filters"]],
  ["minors and versions", ["1.40", "1.36.4"], ["1.36.4", "1.40.0"], ["test/filters", "test/abi"]],
  ["files", ["test/abi/grpc.test.ts"], known, ["test/abi/grpc.test.ts"]],
  ["both", ["--short", "1.37", "test/abi"], ["1.37.0"], ["test/abi"]],
] as const)("chosen by %s", ([, args, versions, files]) => {
  expect(plan(args, known)).toEqual({ versions, files, unknown: [] });
});

test("the table is made of what vitest reports of each version", () => {
  const result = (fullName: string, status: string, more: object = {}) => ({
    ...{ fullName, status, failureMessages: [], ...more },
  });
  const file = (name: string, ...assertionResults: Array<ReturnType<typeof result>>) => ({
    ...{ name: `/anywhere/test/${name}.test.ts`, status: "", message: "", assertionResults },
  });
  const testResults = [
    file(
      "abi/clocks",
      result("a clock", "passed"),
      result("an hour", "failed", { failureMessages: ["late"] }),
    ),
    file("abi/grpc", result("a call", "passed"), result("two", "pending", { meta: { skipped: "no gRPC" } })),
  ];

  const columns = [column("1.40.0", { testResults }, 1), lostColumn("1.36.4", "it cannot be had")];

  expect(matrix(columns).split("\n")).toEqual([
    ...["failed in 1.40.0: abi/clocks: an hour", "late", ""],
    ...["failed in 1.36.4: it cannot be had", ""],
    ...["skipped 1 in 1.40.0: no gRPC", ""],
    "passed/failed/skipped  1.40.0  1.36.4",
    "abi/clocks              1/1/0       –",
    "abi/grpc                1/0/1       –",
    "all                     2/1/1   0/1/0",
    "",
    "2 passed, 2 failed, 1 skipped",
  ]);
});

describe("the table", () => {
  test("has a row a spec file, a column a version, what was skipped and why, and the sum", async ({
    skip,
  }) => {
    requiresCi(skip);
    await requiresEnvoy(skip);

    const { code, stdout } = await runMatrix([
      "1.40",
      "test/abi/clocks.test.ts",
      "test/abi/streams-metadata",
    ]);

    expect(code ?? 0).toBe(0);
    expect(stdout).toMatch(/^Envoy 1\.40\.0: 2 passed, 0 failed, \d+ skipped$/m);
    expect(stdout).toMatch(/^passed\/failed\/skipped +1\.40\.0$/m);
    expect(stdout).toMatch(/^abi\/clocks +1\/0\/0$/m);
    const [, skipped] = /^abi\/streams-metadata +1\/0\/(\d+)$/m.exec(stdout) ?? [];
    expect(stdout).toContain(`skipped ${skipped} in 1.40.0: the envoy backend has no http2-metadata`);
    expect(stdout).toMatch(new RegExp(`\\n2 passed, 0 failed, ${skipped} skipped\\n$`));
  });

  test("shows what failed, and the exit code is 1", async ({ skip }) => {
    requiresCi(skip);
    await using cache = await mkdtempDisposable(path.join(tmpdir(), "matrix-"));
    const file = path.join(cache.path, "proxy-wasm-harness/envoy-1.36.4/envoy");
    await mkdir(path.dirname(file), { recursive: true });
    const program =
      "#!/bin/sh\n[ \"$*\" = --version ] || exit 3\necho 'envoy  version: 9e5580/1.36.4/Clean/RELEASE/BoringSSL'\n";
    await writeFile(file, program, { mode: 0o755 });

    const { code, stdout } = await runMatrix(["1.36", "test/abi/clocks.test.ts"], {
      XDG_CACHE_HOME: cache.path,
    });

    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^failed in 1\.36\.4: abi\/clocks: the current time.*\n.*Envoy ended with exit code 3/m,
    );
    expect(stdout).toMatch(/^abi\/clocks +0\/1\/0$/m);
    expect(stdout).toMatch(/\n0 passed, 1 failed\n$/);
  });

  test("counts a version that cannot be had as one failure", async ({ skip }) => {
    requiresCi(skip);
    await using nowhere = await mkdtempDisposable(path.join(tmpdir(), "matrix-"));
    const { code, stdout } = await runMatrix(["1.37"], {
      XDG_CACHE_HOME: nowhere.path,
      PIP_INDEX_URL: "http://127.0.0.1:9/",
      PIP_NO_INDEX: "1",
      PIP_FIND_LINKS: "",
    });

    expect(code).toBe(1);
    expect(stdout).toMatch(/^failed in 1\.37\.0: it cannot be had, see above$/m);
    expect(stdout).toMatch(/\n0 passed, 1 failed\n$/);
  });

  test("is refused for a version that is not known", async () => {
    const { code, stderr } = await runMatrix(["1.99"]);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^\nEnvoy 1\.99 is not known: there are 1\.36\.4, .*, 1\.40\.0\n$/);
  });
});

test("the last line of CI is the sum of all closing lines", () => {
  const input = "a test says 7 passed, 7 failed\n12 passed, 1 failed, 2 skipped\n\n30 passed, 0 failed\n";
  const { stdout } = spawnSync(process.execPath, [path.join(root, "toolchain/total.mjs")], {
    input,
    encoding: "utf8",
  });

  expect(stdout).toBe(`${input}\nall of it:\n42 passed, 1 failed, 2 skipped\n`);
});
