import { defineConfig } from "vitest/config";

const project = (backend: "embedded" | "envoy") => ({
  test: { name: backend, include: ["*/scenarios.spec.ts"], provide: { proxyWasmBackend: backend } },
});

export default defineConfig({ test: { projects: [project("envoy"), project("embedded")] } });
