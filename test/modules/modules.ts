import { fileURLToPath } from "node:url";

/** A module that obeys the request header x-do, and clients (`rust/obeys.rs`, `go/main.go`), and where its SDK differs from the others. */
export interface ObeyingModule {
  /** The SDK, as people know it. */
  readonly sdk: string;
  readonly file: string;
  readonly abiVersion: "0.1.0" | "0.2.0" | "0.2.1";
  /** What the SDK makes of a header whose value is empty. */
  readonly empty: "absent" | "<>";
  /** What the SDK cannot do. */
  readonly lacks: ReadonlySet<string>;
  /** It takes a host long to compile. */
  readonly isLarge: boolean;
}

const pathTo = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The modules, one for each version of the ABI. */
export const modules: readonly ObeyingModule[] = [
  {
    sdk: "the crate proxy-wasm 0.1",
    file: pathTo("built/rust-0.1.wasm"),
    abiVersion: "0.1.0",
    empty: "absent",
    lacks: new Set(["end of stream", "foreign functions", "last words", "steering"]),
    isLarge: false,
  },
  {
    sdk: "the crate proxy-wasm 0.2",
    file: pathTo("built/rust-0.2.wasm"),
    abiVersion: "0.2.1",
    empty: "absent",
    lacks: new Set(),
    isLarge: false,
  },
  {
    sdk: "the Go SDK",
    file: pathTo("../../build/modules/go.wasm"),
    abiVersion: "0.2.0",
    empty: "<>",
    lacks: new Set(["gRPC"]),
    isLarge: true,
  },
];
