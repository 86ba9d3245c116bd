import { existsSync } from "node:fs";
import { createRequire } from "node:module";

/** What vitest 5 and the harness ask for. */
const oldest = [22, 22];

/**
 * The Node that the lockfile pins (a platform package, optional because not every platform has one), else the Node
 * that runs now where it is new enough.
 */
export function pinnedNode() {
  const installed = new URL(
    `../node_modules/node-${process.platform}-${process.arch}/bin/node`,
    import.meta.url,
  );
  if (existsSync(installed)) return installed.pathname;
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return process.execPath;
  const { optionalDependencies } = createRequire(import.meta.url)("../package.json");
  throw new Error(
    `Node ${oldest.join(".")} or newer is needed, this is ${process.versions.node}, and npm has no Node 24 for ` +
      `${process.platform}-${process.arch} (only ${Object.keys(optionalDependencies).join(", ")}): install a newer Node`,
  );
}
