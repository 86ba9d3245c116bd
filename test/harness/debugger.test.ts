import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import {
  allGeneratedPositionsFor,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from "@jridgewell/trace-mapping";
import { expect, test } from "vitest";
import { WebSocket } from "ws";

const root = fileURLToPath(new URL("../../", import.meta.url));
const project = fileURLToPath(new URL("./coverage-project/", import.meta.url));
const source = path.join(project, "filters/counted/index.ts");

/** A place in a script, as Chrome's DevTools protocol has it; that of a module is an offset. */
interface Place {
  readonly scriptId: string;
  readonly columnNumber: number;
}

/** What the debugger of a Node says by itself, in its order. */
interface Event {
  readonly method: string;
  readonly params: {
    readonly scriptId: string;
    readonly url: string;
    readonly sourceMapURL: string;
    readonly callFrames: ReadonlyArray<{ readonly location: Place }>;
  };
}

/** A client of the DevTools protocol, as debuggers are. */
class Devtools implements Disposable {
  private readonly socket: WebSocket;
  private readonly events: Event[] = [];
  private arrived = (): void => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as Partial<Event>;
      if (message.method !== undefined) this.events.push(message as Event);
      this.arrived();
    });
  }

  static async connect(url: string): Promise<Devtools> {
    const socket = new WebSocket(url);
    const client = new Devtools(socket);
    await new Promise((resolve) => socket.once("open", resolve));
    return client;
  }

  send(method: string, params: object = {}): void {
    this.socket.send(JSON.stringify({ id: 1, method, params }));
  }

  /** The next event of a method for which something holds; those before it are passed over. */
  async next(method: string, holds = (event: Event): boolean => event.method !== ""): Promise<Event> {
    for (;;) {
      for (let event = this.events.shift(); event !== undefined; event = this.events.shift())
        if (event.method === method && holds(event)) return event;
      await new Promise<void>((resolve) => (this.arrived = resolve));
    }
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }
}

test("a debugger of Node stops at a line of a filter's TypeScript, and steps to the next one", async () => {
  const command = path.join(root, "harness/bin/proxy-wasm.mjs");
  await promisify(execFile)(process.execPath, [command, "build", "--debug"], { cwd: project });
  const program = path.join(root, "test/harness/programs/debugged-filter.ts");
  const child = spawn(process.execPath, [
    ...["--inspect-brk=127.0.0.1:0", program, path.join(project, "build/debug/counted.wasm")],
  ]);
  try {
    using devtools = await Devtools.connect(await debuggerOf(child.stderr));
    devtools.send("Debugger.enable");
    devtools.send("Runtime.runIfWaitingForDebugger");
    await devtools.next("Debugger.paused"); // before the program's first line
    devtools.send("Debugger.resume");
    const { params: module } = await devtools.next(
      "Debugger.scriptParsed",
      ({ params }) => params.url.startsWith("wasm:") && params.sourceMapURL.startsWith("data:"),
    );
    const map = new TraceMap(await (await fetch(module.sourceMapURL)).text());
    const lineOf = ({ params }: Event): string => {
      const { columnNumber } = params.callFrames[0]?.location ?? { columnNumber: 0 };
      const { source: url, line } = originalPositionFor(map, { line: 1, column: columnNumber });
      return `${url === null ? "" : fileURLToPath(url)}:${line}`;
    };
    await devtools.next("Debugger.paused"); // at `debugger`
    devtools.send("Debugger.setBreakpoint", {
      location: { scriptId: module.scriptId, lineNumber: 0, columnNumber: offsetOf(map, 13) },
    });
    devtools.send("Debugger.resume");

    let paused = lineOf(await devtools.next("Debugger.paused"));
    const stopped = paused;
    while (paused === stopped) {
      devtools.send("Debugger.stepOver"); // by one instruction, which a debugger repeats while the line is the same
      paused = lineOf(await devtools.next("Debugger.paused"));
    }

    expect([stopped, paused]).toEqual([`${source}:13`, `${source}:14`]);
  } finally {
    child.kill("SIGKILL");
  }
});

/** Where the code of a line of the filter begins in the module. */
function offsetOf(map: TraceMap, line: number): number {
  const positions = allGeneratedPositionsFor(map, {
    source: pathToFileURL(source).href,
    line,
    column: 0,
    bias: LEAST_UPPER_BOUND,
  });
  return Math.min(...positions.map(({ column }) => column ?? Infinity));
}

/** `Debugger listening on ws://…`. */
async function debuggerOf(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(stderr)) {
    const url = /^Debugger listening on (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error("Node listens for no debugger");
}
