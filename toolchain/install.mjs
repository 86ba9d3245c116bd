import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const stamp = new URL("node_modules/.installed-from", root);

/**
 * Runs `npm ci` unless node_modules is what this lockfile gives on this platform. The stamp is written last, so an
 * interrupted installation is done again.
 */
export function installDependencies() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("installing the dependencies of package-lock.json (npm ci)…");
  const { status, error } = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (error !== undefined)
    throw new Error(`npm could not be started (${error.message}): install Node with its npm`);
  if (status !== 0)
    throw new Error("npm ci failed, see above: it needs the npm registry; run the same command again");
  writeFileSync(stamp, wanted);
}

function fingerprint() {
  const lock = readFileSync(new URL("package-lock.json", root));
  return `${createHash("sha256").update(lock).digest("hex")} ${process.platform} ${process.arch}\n`;
}

/** The npm that started us, or the one on PATH. */
function npm(args) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli === undefined ? ["npm", []] : [process.execPath, [cli]];
  return spawnSync(command, [...first, ...args], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
}
