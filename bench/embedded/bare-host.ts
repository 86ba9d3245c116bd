import { readFileSync } from "node:fs";

type Exports = Readonly<Record<string, (...parameters: number[]) => number>>;
type Imported = (...parameters: number[]) => number;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a bare host answers whatever it is asked. */
export interface BareAnswers {
  readonly configuration: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A host of a few lines in Node's V8, which has no streams and answers every request alike: what a request takes in it is the
 * module's own time and that of the calls across its border.
 */
export class BareHost {
  private readonly exports: Exports;
  private readonly memory: WebAssembly.Memory;
  private readonly values: ReadonlyMap<string, Uint8Array>;
  private readonly pairs: Uint8Array;
  private lastContextId = 1;

  constructor(file: string, { configuration, headers }: BareAnswers) {
    this.values = new Map(Object.entries(headers).map(([name, value]) => [name, encoder.encode(value)]));
    this.pairs = pairsOf(headers);
    const module = new WebAssembly.Module(new Uint8Array(readFileSync(file)));
    const { exports } = new WebAssembly.Instance(module, this.imports(module, encoder.encode(configuration)));
    this.memory = exports["memory"] as WebAssembly.Memory;
    this.exports = exports as unknown as Exports;
    this.call("_initialize");
    this.call("proxy_on_context_create", 1, 0);
    this.call("proxy_on_vm_start", 1, 0);
    this.call("proxy_on_configure", 1, configuration.length);
  }

  /** The callbacks of one stream with a request without a body and a response with one. */
  request(): void {
    const id = ++this.lastContextId;
    this.call("proxy_on_context_create", id, 1);
    this.call("proxy_on_request_headers", id, this.values.size, 1);
    this.call("proxy_on_response_headers", id, 3, 0);
    this.call("proxy_on_response_body", id, 3, 1);
    this.call("proxy_on_log", id);
    this.call("proxy_on_done", id);
    this.call("proxy_on_delete", id);
  }

  private call(name: string, ...parameters: number[]): void {
    this.exports[name]?.(...parameters);
  }

  private imports(module: WebAssembly.Module, configuration: Uint8Array): WebAssembly.Imports {
    const functions: Readonly<Record<string, Imported>> = {
      proxy_get_header_map_pairs: (_, address, length) => this.give(this.pairs, address, length),
      proxy_get_header_map_value: (_, name = 0, nameLength = 0, address, length) => {
        const bytes = new Uint8Array(this.memory.buffer, name, nameLength);
        const value = this.values.get(decoder.decode(bytes));
        return value === undefined ? 1 : this.give(value, address, length);
      },
      proxy_get_buffer_bytes: (_, __, ___, address, length) => this.give(configuration, address, length),
      proxy_get_property: (_, __, address, length) => this.give(encoder.encode("bench"), address, length),
    };
    const imports: Record<string, Record<string, Imported>> = {};
    for (const { module: space, name } of WebAssembly.Module.imports(module))
      (imports[space] ??= {})[name] = functions[name] ?? (() => 0);
    return imports;
  }

  private give(content: Uint8Array, addressOut = 0, lengthOut = 0): number {
    const allocate = this.exports["malloc"] ?? this.exports["proxy_on_memory_allocate"];
    const address = allocate?.(content.length) ?? 0;
    new Uint8Array(this.memory.buffer).set(content, address);
    const view = new DataView(this.memory.buffer);
    view.setUint32(addressOut, address, true);
    view.setUint32(lengthOut, content.length, true);
    return 0;
  }
}

/** The picture of it is in `harness/src/embedded/pairs.ts`. */
function pairsOf(headers: Readonly<Record<string, string>>): Uint8Array {
  const fields = Object.entries(headers);
  const lengths = fields.flatMap(([name, value]) => [name.length, value.length]);
  const head = new Uint8Array(new Uint32Array([fields.length, ...lengths]).buffer); // little-endian, as all of Node's machines are
  const text = fields.map(([name, value]) => `${name}\0${value}\0`).join("");
  return new Uint8Array([...head, ...encoder.encode(text)]);
}
