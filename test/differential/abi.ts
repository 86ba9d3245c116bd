import type { CallbackName, HostCallName } from "../../harness/src/module/abi-calls.ts";
import {
  abiVersionExport,
  envImports,
  guestExports,
  guestExports010,
  wasiImports,
  type AbiVersion,
} from "../../harness/src/module/abi.ts";
import {
  callbackNames,
  hostCallNames,
  isRange,
  positionOf,
  signatures,
  type Parameter,
} from "../../harness/src/transcript/signature.ts";

export { abiVersionExport, callbackNames, hostCallNames };
export type { AbiVersion, Parameter };
export type HostCall = HostCallName;
export type Callback = CallbackName;

/** The callbacks that a plugin's own context gets under the name of a stream's. */
const shared = [
  "proxy_on_context_create",
  "proxy_on_log",
  "proxy_on_done",
  "proxy_on_delete",
] as const satisfies readonly Callback[];

/** The callbacks of a stream that say whether what they are shown passes on. */
export const passing = [
  "proxy_on_request_headers",
  "proxy_on_request_body",
  "proxy_on_request_trailers",
  "proxy_on_response_headers",
  "proxy_on_response_body",
  "proxy_on_response_trailers",
] as const satisfies readonly Callback[];

/** When something is done: in a callback, of those that are made for streams and for plugins in one of each. */
export type Moment = Callback | `${(typeof shared)[number]} of the plugin`;

/** All of them, in the order of their numbers in a program. */
export const moments: readonly Moment[] = [
  ...callbackNames,
  ...shared.map((name) => `${name} of the plugin` as const),
];

/** The number of a callback's moment for a plugin; that for a stream, or for both, is the callback's own. */
export function pluginMoment(callback: Callback): number {
  const own = moments.indexOf(`${callback} of the plugin` as Moment);
  return own < 0 ? moments.indexOf(callback) : own;
}

/** What a call is given and answers, as harness/src/module/abi-calls.ts says it. */
export function parametersOf(name: HostCall): readonly Parameter[] {
  return signatures[positionOf(name) ?? -1]?.parameters ?? [];
}

/** The type of what it returns; `none` for nothing. */
export function resultOf(name: HostCall | Callback): string {
  return signatures[positionOf(name) ?? -1]?.result ?? "none";
}

/** The module that a host call is imported from. */
export function spaceOf(name: HostCall): string {
  return name in wasiImports ? "wasi_snapshot_preview1" : "env";
}

/** Whether modules of this version can import it. */
export function isImportable(name: HostCall, version: AbiVersion): boolean {
  return name in wasiImports || name in envImports[version];
}

/** How many numbers a callback gets in this version. */
export function parameterCount(name: Callback, version: AbiVersion): number {
  const [given = ""] = ((version === "0.1.0" ? guestExports010 : guestExports)[name] ?? "").split(">");
  return given.length;
}

/** How a value crosses: the bytes that the guest passes and those that it gets, numbers, and places for numbers. */
export type Crossing = "bytes" | "number" | "long" | "bytesOut" | "numberOut" | "longOut" | "vector" | "room";

/** Of every value of a host call, in order; the number of iovecs is in what says where they are. */
export function crossingsOf(name: HostCall): readonly Crossing[] {
  return parametersOf(name)
    .filter((parameter) => parameter.name !== "iovCount")
    .map(crossingOf);
}

function crossingOf(parameter: Parameter): Crossing {
  const { name, type, isOutput } = parameter;
  if (name === "iovs") return "vector";
  if (type === "room") return "room";
  if (isRange(parameter)) return isOutput ? "bytesOut" : "bytes";
  if (type === "long") return isOutput ? "longOut" : "long";
  return isOutput ? "numberOut" : "number";
}

const pair = ["i32", "i32"] as const;
const types: Readonly<Record<Crossing, readonly string[]>> = {
  ...{ bytes: pair, bytesOut: pair, vector: pair, room: pair },
  ...{ number: ["i32"], numberOut: ["i32"], longOut: ["i32"], long: ["i64"] },
};

/** The types of WebAssembly of what a host call is given. */
export function typesOf(name: HostCall): string[] {
  return crossingsOf(name).flatMap((crossing) => types[crossing]);
}
