import { listener, route, wasm } from "proxy-wasm-harness/scenario";
import { scenarioTest } from "proxy-wasm-harness/vitest";

const traps = wasm("../../../build/guests/traps.wasm", { in: "log", how: "unreachable" });
const test = scenarioTest(() => ({
  listeners: [listener("in", { httpFilters: [traps], routes: [route("/", 200)] })],
}));

test("a request is answered", async ({ mesh }) => {
  await mesh.get("in", "/");
});
