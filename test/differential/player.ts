import {
  abiVersionExport,
  callbackNames,
  hostCallNames,
  isImportable,
  parameterCount,
  pluginMoment,
  resultOf,
  spaceOf,
  typesOf,
  type AbiVersion,
  type Callback,
  type HostCall,
} from "./abi.ts";
import { argumentsAt, pageCount } from "./layout.ts";
import { playing } from "./playing.ts";

/** A module that plays programs. */
interface Player {
  readonly version?: AbiVersion;
  /** It has no streams: it does what its program says as soon as it is made a callback that a plugin thrown away never gets. */
  readonly serves?: boolean;
  /** The callbacks that it does not have. */
  readonly without?: readonly Callback[];
}

/** The modules, by the names of their files. */
export const players = {
  plays: {},
  "plays-as-0.1.0": { version: "0.1.0" },
  "plays-as-service": { serves: true },
  "plays-without-creation": { without: ["proxy_on_context_create"] },
  "plays-deaf-to-grpc": { without: ["proxy_on_grpc_close"] },
  "plays-without-start-and-log": { without: ["proxy_on_vm_start", "proxy_on_log"] },
  "plays-without-end": { without: ["proxy_on_done", "proxy_on_delete"] },
  "plays-without-headers": { without: ["proxy_on_request_headers", "proxy_on_response_headers"] },
  "plays-without-bodies": { without: ["proxy_on_request_body", "proxy_on_response_body"] },
  "plays-without-data": { without: ["proxy_on_downstream_data", "proxy_on_upstream_data"] },
  "plays-without-connections": {
    without: ["proxy_on_new_connection", "proxy_on_downstream_connection_close"],
  },
} as const satisfies Readonly<Record<string, Player>>;

/** The file of a player. */
export type PlayerName = keyof typeof players;

/**
 * A guest that plays a program, which is its configuration: in each callback it makes the host calls that stand there,
 * whatever they may be, and logs each with all that the host answers. It has no SDK, which would refuse many of them.
 *
 * Its program has two addresses for each moment, of what it does the first time and later, 0 for nothing. There are
 * instructions, in words of 32 bits: the host call's number, the slot that keeps its first number, how many bytes of
 * parameters follow, and for each parameter how its value is meant, and the value in two words. Addresses count from the
 * program's begin.
 *
 * Envoy starts a plugin in several VMs. What is said before a stream comes is kept until one does, and only in the VM that
 * has streams something is done beside the start.
 */
export function playerText({ version = "0.2.1", without = [], serves = false }: Player): string {
  const imported = hostCallNames.filter((name) => isImportable(name, version));
  const exported = callbackNames.filter((name) => !without.includes(name));
  return `(module
    (type $made (func (result i32)))
    ${imported.map(importText).join("\n")}
    (memory (export "memory") ${pageCount})
    (table ${hostCallNames.length} funcref)
    (elem (i32.const 0) ${hostCallNames.map((name) => `$make_${name}`).join(" ")})
    (func (export "${abiVersionExport(version)}"))
    ${hostCallNames.map((name) => (imported.includes(name) ? makeText(name) : absentText(name))).join("\n")}
    ${playing}
    ${exported.map((name) => callbackText(name, parameterCount(name, version), serves)).join("\n")}
  )`;
}

function importText(name: HostCall): string {
  const result = resultOf(name) === "none" ? "" : "(result i32)";
  return `(import "${spaceOf(name)}" "${name}" (func $${name} (param ${typesOf(name).join(" ")}) ${result}))`;
}

/** Makes a host call with the parameters that stand at their place. */
function makeText(name: HostCall): string {
  const values = typesOf(name).map((type, i) => `(${type}.load (i32.const ${argumentsAt + 8 * i}))`);
  const status = resultOf(name) === "none" ? "(i32.const 0)" : "";
  return `(func $make_${name} (type $made) (call $${name} ${values.join(" ")}) ${status})`;
}

function absentText(name: HostCall): string {
  return `(func $make_${name} (type $made) (unreachable))`;
}

/** The callbacks by which a plugin starts, and those by which its VM knows that it has streams. */
const ofStart = /_(vm_start|configure|configuration)$/;
const ofStreams = /^proxy_on_((request|response|downstream|upstream)_|new_connection|log$)/;

/** What a plugin waits for. */
const ofServices = /^proxy_on_(tick|queue|http_call|grpc)/;

function prepareText(name: Callback, serves: boolean): string {
  if (name === "proxy_on_context_create") return "(call $create (local.get 0) (local.get 1))";
  if (ofStart.test(name)) return "(call $load (local.get 0))";
  return (serves ? ofServices : ofStreams).test(name) ? "(call $speak)" : "";
}

function callbackText(name: Callback, parameters: number, serves: boolean): string {
  const index = callbackNames.indexOf(name);
  const said = Array.from({ length: parameters }, (_, i) => `(call $hex (local.get ${i}))`).join(" ");
  const isStart = ofStart.test(name) || name === "proxy_on_context_create";
  const otherwise = ofStart.test(name) || name === "proxy_on_done" ? 1 : 0;
  const [type, value] = resultOf(name) === "none" ? ["", ""] : ["(result i32)", "(local.get $result)"];
  return `(func (export "${name}") (param ${"i32 ".repeat(parameters)}) ${type}
    (local $outer i32) (local $result i32)
    (local.set $outer (global.get $program))
    (local.set $result (i32.const ${otherwise}))
    ${prepareText(name, serves)}
    (if (i32.and ${isStart ? "(i32.const 1)" : "(global.get $speaks)"} (call $enter (local.get 0)))
      (then
        (call $begin (i32.const 99)) (call $hex (i32.const ${index})) ${said} (call $say)
        (local.set $result (call $play
          (select (i32.const ${pluginMoment(name)}) (i32.const ${index}) (call $isOfPlugin (local.get 0)))
          (local.get $result)))))
    (global.set $program (local.get $outer))
    ${value})`;
}
