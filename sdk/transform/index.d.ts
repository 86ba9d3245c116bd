import type { Module, Parser, Program } from "assemblyscript";

/** Makes a proxy-wasm module of the classes that `@httpFilter` decorates; a transform of asc, named in `asconfig.json`. */
export default class ProxyWasmTransform {
  afterParse(parser: Parser): Promise<void>;
  afterInitialize(program: Program): void;
  afterCompile(module: Module): void;
}

/** The part of the transform that needs no filter: for modules that are built from pieces of the SDK. */
export class RewritingTransform {
  afterParse(parser: Parser): void;
}
