import { describe, expect, inject, test } from "vitest";

describe("what holds", () => {
  test("one", () => undefined);
  test("two", () => undefined);
});

describe("what differs", () => {
  describe("in one backend", () => {
    test("fails", () => {
      expect(inject("proxyWasmBackend")).toBe("envoy");
    });
  });

  test("needs what the other one lacks", ({ skip }) => {
    if (inject("proxyWasmBackend") === "envoy") skip("the envoy backend has no clock");
  });
});

test("alone", () => undefined);
