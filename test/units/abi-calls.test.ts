import { expect, test } from "vitest";
import { callbacks, hostCalls, wasiCalls } from "../../harness/src/module/abi-calls.ts";
import { abiEnums } from "../../harness/src/module/abi-enums.ts";
import { envImports, guestExports, wasiImports } from "../../harness/src/module/abi.ts";
import { isRange, signatures, type Signature } from "../../harness/src/transcript/signature.ts";

const env = Object.assign({}, ...Object.values(envImports)) as Record<string, string>;
const exported = Object.fromEntries(
  Object.entries(guestExports).filter(([name]) => /^(proxy|envoy)_(on_(?!memory)|validate)/.test(name)),
);

test.for([
  ["host calls", hostCalls, env],
  ["functions of WASI", wasiCalls, wasiImports],
  ["callbacks", callbacks, exported],
] as const)("every value of the %s is described", ([, described, linked]) => {
  const letters = signatures
    .filter(({ name }) => name in described)
    .map((signature) => [signature.name, `${given(signature)}>${signature.result === "none" ? "" : "i"}`]);

  expect(Object.fromEntries(letters)).toEqual(linked);
});

test("every type is one that can be read", () => {
  const types = signatures.flatMap(({ parameters, result }) => [
    result,
    ...parameters.map(({ type }) => type),
  ]);
  const plain = ["number", "long", "size", "offset", "count", "context", "bool", "pointer", "none"];
  const ranges = ["bytes", "path", "pairs", "room"];

  expect(types.filter((type) => ![...plain, ...ranges, ...Object.keys(abiEnums)].includes(type))).toEqual([]);
});

function given({ parameters }: Signature): string {
  return parameters
    .map((parameter) =>
      isRange(parameter) ? "ii" : parameter.type === "long" && !parameter.isOutput ? "l" : "i",
    )
    .join("");
}
