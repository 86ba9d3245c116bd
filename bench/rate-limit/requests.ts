import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Answered {
  readonly requests: number;
  /** How many were answered with 200, and how many with 429; any other answer is refused. */
  readonly admitted: number;
  readonly refused: number;
}

/**
 * Sends requests by 16 connections, each with the key that a function of Lua makes of the request's number, until so many
 * were answered.
 */
export async function send(origin: string, count: number, key: string): Promise<Answered> {
  const folder = await mkdtemp(path.join(tmpdir(), "proxy-wasm-bench-keys-"));
  try {
    const script = path.join(folder, "keys.lua");
    await writeFile(script, scriptOf(count, key));
    const flags = ["-t1", "-c16", "-d120s", "--timeout", "10s", "-s", script, origin];
    const { stdout } = await run("wrk", flags);
    const [, admitted, refused, others] = /ADMITTED (\d+) REFUSED (\d+) OTHERS (\d+)/.exec(stdout) ?? [];
    if (others !== "0") throw new Error(`answers were neither 200 nor 429: ${stdout}`);
    const [a, r] = [Number(admitted), Number(refused)];
    return { requests: a + r, admitted: a, refused: r };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** wrk ends by its time alone: the script ends it by its count. */
function scriptOf(count: number, key: string): string {
  return `
    local sent, admitted, refused, others = 0, 0, 0, 0
    function request()
      local n = sent
      sent = sent + 1
      return wrk.format("GET", "/", { ["x-key"] = ${key} })
    end
    function response(status)
      if status == 200 then admitted = admitted + 1
      elseif status == 429 then refused = refused + 1
      else others = others + 1 end
      if admitted + refused + others == ${count} then
        print(string.format("ADMITTED %d REFUSED %d OTHERS %d", admitted, refused, others))
        io.stdout:flush()
        os.exit(0)
      end
    end`;
}
