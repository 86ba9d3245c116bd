/** A header block as a test writes it. */
export type Headers = readonly (readonly [string, string])[];

/** What a host of the tests answers; everything has a default. */
export interface HostOptions {
  readonly rootId?: string;
  readonly configuration?: string;
  readonly logLevel?: number;
  readonly headers?: Headers;
  /** Given to the guest as they are, in place of `headers`. */
  readonly rawPairs?: Uint8Array;
  /** Called in the midst of each log call: what it calls is nested in the callback that logs. */
  readonly onLog?: (message: string) => void;
  /** What host calls answer, by their names, in place of doing what they do. */
  readonly refusals?: Readonly<Record<string, number>>;
  /** Called before a shared value is stored: what the host answers in place of storing it, null when it stores it. */
  readonly onStore?: (count: number) => number | null;
}

interface SharedValue {
  readonly bytes: Uint8Array;
  readonly cas: number;
}

/** The callbacks that the tests call; a module exports those that its filter overrides. */
interface FilterExports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(length: number): number;
  proxy_on_context_create(id: number, parent: number): void;
  proxy_on_configure(id: number, length: number): number;
  proxy_on_delete(id: number): void;
  proxy_on_request_headers(id: number, count: number, endOfStream: number): number;
  proxy_on_log(id: number): void;
  proxy_on_done(id: number): number;
  proxy_on_tick(id: number): void;
  proxy_on_queue_ready(id: number, token: number): void;
}

/**
 * The least host that a filter of the SDK runs on, which writes down every host call but those that only read, and those
 * that publish the build, as every module does. It knows no phases and judges nothing: it shows what a module asks for.
 */
export class RecordingHost {
  readonly calls: string[] = [];
  /** How often the guest took all pairs of a map. */
  pairsTaken = 0;
  /** How often a single value was asked for. */
  valuesTaken = 0;
  /** What its clocks say. */
  nowNanos = 1_700_000_000_123_456_789n;
  /** Shared data, by key. */
  readonly shared = new Map<string, SharedValue>();
  /** Names of queues, each of which has its place in the list, from 1, as its token; all are empty for those that read. */
  readonly queues: string[] = [];
  private metrics = 0;
  private stores = 0;
  private readonly configuration: string;
  readonly guest: FilterExports;

  constructor(wasm: Uint8Array<ArrayBuffer>, options: HostOptions = {}) {
    this.configuration = options.configuration ?? "";
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), this.imports(options));
    this.guest = instance.exports as unknown as FilterExports;
    this.guest._initialize();
  }

  /** Creates plugin 1 and configures it; whether it accepts its configuration. */
  configure(): boolean {
    this.guest.proxy_on_context_create(1, 0);
    return this.guest.proxy_on_configure(1, Buffer.byteLength(this.configuration)) !== 0;
  }

  /** Runs a stream of plugin 1 through the callbacks that there are, and returns what the headers' callback returned. */
  request(id = 2): number {
    this.guest.proxy_on_context_create(id, 1);
    const action = this.guest.proxy_on_request_headers(id, 0, 1);
    this.guest.proxy_on_delete(id);
    return action;
  }

  private imports(options: HostOptions): WebAssembly.Imports {
    const refused = Object.entries(options.refusals ?? {}).map(([name, status]) => [name, () => status]);
    const refusals = Object.fromEntries(refused) as WebAssembly.Imports[string];
    const modules = Object.entries(this.hostCalls(options));
    return Object.fromEntries(modules.map(([module, calls]) => [module, { ...calls, ...refusals }]));
  }

  private hostCalls(options: HostOptions): WebAssembly.Imports {
    return {
      env: {
        proxy_log: (level: number, at: number, length: number) => {
          this.note(`log ${level} ${this.text(at, length)}`);
          options.onLog?.(this.text(at, length));
          return 0;
        },
        proxy_get_log_level: (out: number) => this.number(out, options.logLevel ?? 0),
        proxy_get_property: (at: number, length: number, out: number, outLength: number) =>
          this.text(at, length) === "plugin_root_id"
            ? this.give(Buffer.from(options.rootId ?? ""), out, outLength)
            : 1,
        proxy_get_buffer_bytes: (_: number, start: number, length: number, out: number, outLength: number) =>
          this.give(Buffer.from(this.configuration).subarray(start, start + length), out, outLength),
        proxy_set_buffer_bytes: (buffer: number, start: number, length: number, ...at: Spans) =>
          this.note(`write ${buffer} ${start} ${length} ${this.texts(at)}`),
        proxy_get_header_map_pairs: (_: number, out: number, outLength: number) => {
          this.pairsTaken++;
          return this.give(options.rawPairs ?? pairsBlock(options.headers ?? []), out, outLength);
        },
        proxy_get_header_map_value: (
          _: number,
          at: number,
          length: number,
          out: number,
          outLength: number,
        ) => {
          this.valuesTaken++;
          const found = options.headers?.find(([name]) => name === this.text(at, length).toLowerCase());
          return found === undefined ? 1 : this.give(Buffer.from(found[1]), out, outLength);
        },
        proxy_add_header_map_value: (map: number, ...at: Spans) => this.note(`add ${map} ${this.texts(at)}`),
        proxy_replace_header_map_value: (map: number, ...at: Spans) =>
          this.note(`replace ${map} ${this.texts(at)}`),
        proxy_remove_header_map_value: (map: number, ...at: Spans) =>
          this.note(`remove ${map} ${this.texts(at)}`),
        proxy_send_local_response: (status: number, ...rest: number[]) =>
          this.note(`respond ${status} ${this.texts(rest.slice(0, 4))} ${rest[5]} ${rest[6]}`),
        proxy_continue_stream: (type: number) => this.note(`continue ${type}`),
        proxy_close_stream: (type: number) => this.note(`close ${type}`),
        proxy_done: () => this.note("done"),
        proxy_register_shared_queue: (at: number, length: number, out: number) => {
          this.note(`register ${this.text(at, length)}`);
          return this.number(out, this.queueOf(this.text(at, length)));
        },
        proxy_resolve_shared_queue: (_: number, __: number, at: number, length: number, out: number) =>
          this.number(out, this.queueOf(this.text(at, length))),
        proxy_enqueue_shared_queue: (token: number) => this.note(`enqueue ${token}`),
        proxy_dequeue_shared_queue: () => 7, // as one that is empty
        proxy_set_effective_context: (id: number) => this.note(`act as ${id}`),
        proxy_define_metric: (type: number, at: number, length: number, out: number) => {
          const name = this.text(at, length);
          const isBuildInfo = name.startsWith("proxy_wasm.build_info");
          if (!isBuildInfo) this.note(`define ${type} ${name}`);
          return this.number(out, isBuildInfo ? 0 : 4 * ++this.metrics);
        },
        proxy_record_metric: (id: number, value: bigint) =>
          id === 0 ? 0 : this.note(`record ${id} ${value}`),
        proxy_increment_metric: (id: number, by: bigint) => this.note(`increment ${id} ${by}`),
        proxy_call_foreign_function: () => 1, // as a host that has no such function
        proxy_get_shared_data: (
          at: number,
          length: number,
          out: number,
          outLength: number,
          outCas: number,
        ) => {
          const value = this.shared.get(this.key(at, length));
          if (value === undefined) return 1;
          this.number(outCas, value.cas);
          return this.give(value.bytes, out, outLength);
        },
        proxy_set_shared_data: (at: number, length: number, value: number, size: number, cas: number) => {
          const answer = options.onStore?.(++this.stores) ?? null;
          return answer ?? this.keep(this.key(at, length), value, size, cas >>> 0);
        },
        proxy_grpc_call: () => 4, // as a host that has no such cluster
        proxy_grpc_cancel: () => 0,
        proxy_get_status: () => 1,
        proxy_set_tick_period_milliseconds: (ms: number) => this.note(`tick ${ms}`),
        proxy_get_current_time_nanoseconds: (out: number) => this.time(out, "proxy"),
      },
      wasi_snapshot_preview1: {
        clock_time_get: (clock: number, _: bigint, out: number) => this.time(out, `wasi ${clock}`),
        random_get: (at: number, length: number) => {
          this.note(`random ${length}`);
          new Uint8Array(this.guest.memory.buffer, at, length).fill(7);
          return 0;
        },
      },
    };
  }

  private keep(key: string, at: number, length: number, cas: number): number {
    const known = this.shared.get(key);
    if (known !== undefined && cas !== 0 && cas !== known.cas) return 8;
    const bytes = new Uint8Array(this.guest.memory.buffer).slice(at, at + length);
    this.shared.set(key, { bytes, cas: (known?.cas ?? 0) + 1 });
    return 0;
  }

  private key(at: number, length: number): string {
    return Buffer.from(this.guest.memory.buffer, at, length).toString("latin1");
  }

  private queueOf(name: string): number {
    const known = this.queues.indexOf(name);
    return known < 0 ? this.queues.push(name) : known + 1;
  }

  private note(call: string): number {
    this.calls.push(call);
    return 0;
  }

  private time(out: number, clock: string): number {
    this.note(`clock ${clock}`);
    this.view().setBigUint64(out, this.nowNanos, true);
    return 0;
  }

  private number(out: number, value: number): number {
    this.view().setUint32(out, value, true);
    return 0;
  }

  private give(bytes: Uint8Array, out: number, outLength: number): number {
    const at = bytes.length === 0 ? 0 : this.guest.malloc(bytes.length);
    new Uint8Array(this.guest.memory.buffer).set(bytes, at);
    this.number(out, at);
    return this.number(outLength, bytes.length);
  }

  private texts(spans: readonly number[]): string {
    const texts = [];
    for (let i = 0; i + 1 < spans.length; i += 2) texts.push(this.text(spans[i] ?? 0, spans[i + 1] ?? 0));
    return texts.join("=");
  }

  private text(at: number, length: number): string {
    return Buffer.from(this.guest.memory.buffer, at, length).toString();
  }

  private view(): DataView {
    return new DataView(this.guest.memory.buffer);
  }
}

/** Addresses and lengths by turns. */
type Spans = number[];

/** Pairs as a host writes them. */
export function pairsBlock(headers: Headers): Uint8Array {
  const items = headers.flat().map((text) => Buffer.from(text));
  const numbers = Buffer.alloc(4 + items.length * 4);
  numbers.writeUInt32LE(headers.length);
  items.forEach((item, i) => numbers.writeUInt32LE(item.length, 4 + i * 4));
  return Buffer.concat([numbers, ...items.flatMap((item) => [item, Buffer.alloc(1)])]);
}
