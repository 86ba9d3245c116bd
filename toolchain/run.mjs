// The door of the repository: `node toolchain/run.mjs TASK` installs what is missing, then runs the task on the pinned
// Node. It runs on any Node from 20.20 and on nothing but Node's own modules.
import { spawnSync } from "node:child_process";
import { installDependencies } from "./install.mjs";
import { pinnedNode } from "./pinned-node.mjs";

const task = process.argv[2] ?? "";

try {
  installDependencies();
  const tasks = new URL("./tasks.mjs", import.meta.url).pathname;
  const { status, signal } = spawnSync(pinnedNode(), [tasks, task, ...process.argv.slice(3)], {
    stdio: "inherit",
  });
  process.exitCode = signal === null ? (status ?? 1) : 1;
} catch (error) {
  console.error(`npm ${task === "test" || task === "start" ? task : `run ${task}`}: ${error.message}`);
  process.exitCode = 1;
}
