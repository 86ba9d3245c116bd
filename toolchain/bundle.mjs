// Bundles the command line into `harness/dist/bundle`: a quarter of the time of `proxy-wasm lint` would go into finding
// and compiling some 200 small files. What only some commands need, and what is optional, stays outside.
import path from "node:path";
import { rolldown } from "rolldown";

const root = new URL("../", import.meta.url).pathname;
const harness = path.join(root, "harness");
const bundled = /^(@bufbuild\/protobuf|yaml)(\/|$)/;

const bundle = await rolldown({
  input: path.join(harness, "dist/cli/main.js"),
  platform: "node",
  external: (name) => !/^[./]/.test(name) && !bundled.test(name),
});
// As deep as what it is made from, which finds its data by `../../`.
await bundle.write({ dir: path.join(harness, "dist/bundle"), format: "esm", cleanDir: true });
await bundle.close();
