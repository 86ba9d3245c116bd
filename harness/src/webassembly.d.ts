/** The part of the WebAssembly JavaScript interface that the embedded backend uses; Node has it, its types do not. */
declare namespace WebAssembly {
  type ImportValue = (...parameters: never[]) => number | undefined;
  type Imports = Record<string, Record<string, ImportValue>>;
  type Exports = Record<string, unknown>;

  interface Module {
    readonly [Symbol.toStringTag]: string;
  }

  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;

  const Module: {
    new (bytes: Uint8Array<ArrayBuffer>): Module;
    imports(module: Module): Array<{ module: string; name: string; kind: string }>;
    customSections(module: Module, name: string): ArrayBuffer[];
    exports(module: Module): Array<{ name: string; kind: string }>;
  };

  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Exports;
  }

  class Memory {
    readonly buffer: ArrayBuffer;
  }

  class Table {
    set(index: number, value: unknown): void;
  }

  class Global {
    value: unknown;
  }

  class CompileError extends Error {}
  class RuntimeError extends Error {}
}
