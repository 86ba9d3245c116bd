import { expect, test } from "vitest";
import { compileModule, startGuest } from "./compile.ts";

interface SharedDataModule {
  update(): number;
}

const [OK, NOT_FOUND, CAS_MISMATCH, INTERNAL_FAILURE] = [0, 1, 8, 10];
const [YES, LOST, REFUSED] = [0, 1, 2];
const compiled = compileModule("shared-data");

// A table: a title, what the host says to reading and to storing, what becomes of it, how often it was asked, and its log.
// prettier-ignore
test.each([
  ["that finds nothing stores", NOT_FOUND, OK, YES, [1, 1], []],
  ["that always loses ends after 256 attempts", NOT_FOUND, CAS_MISMATCH, LOST, [256, 256], []],
  ["whose value cannot be read is refused, at once", INTERNAL_FAILURE, CAS_MISMATCH, REFUSED, [1, 0], ["proxy_get_shared_data was refused by the host with status InternalFailure (10)"]],
  ["that cannot store is refused, at once", NOT_FOUND, INTERNAL_FAILURE, REFUSED, [1, 1], ["proxy_set_shared_data was refused by the host with status InternalFailure (10)"]],
] as const)("an update %s", async (_, read, stored, expected, [reads, stores], lines) => {
  const asked = { reads: 0, stores: 0 };
  const logs: string[] = [];
  const guest = await startGuest<SharedDataModule>(await compiled, {
    env: {
      proxy_log(_: number, at: number, length: number) {
        const memory = guest.loader.memory?.buffer as ArrayBuffer;
        logs.push(Buffer.from(memory, at, length).toString());
        return OK;
      },
      proxy_get_shared_data: () => (asked.reads++, read),
      proxy_set_shared_data: () => (asked.stores++, stored),
    },
  });

  expect(guest.call.update()).toBe(expected);
  expect(asked).toEqual({ reads, stores });
  expect(logs).toEqual(lines);
});
