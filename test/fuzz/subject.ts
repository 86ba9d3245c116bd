import { observingNothing, type RunningProxy } from "../../harness/src/backend.ts";
import { startEmbedded } from "../../harness/src/embedded/backend.ts";
import { Upstream } from "../../harness/src/upstream.ts";
import { LightHost } from "./host/light-host.ts";
import type { Faults } from "./host/imports.ts";
import { plantedAt } from "./branch-coverage.js";
import { BranchNotes, buildInstrumented, type Instrumented, type Patch } from "./instrumented.ts";

/** A filter under test, and what its branches did. */
export class Subject {
  readonly notes: BranchNotes;
  private readonly built: Instrumented;
  private readonly compiled: WebAssembly.Module;
  /** The number of the planted bug that bites; 0 for none. */
  private readonly bug: () => number;

  private constructor(built: Instrumented, bug: () => number) {
    this.built = built;
    this.compiled = new WebAssembly.Module(built.module.bytes);
    this.bug = bug;
    this.notes = new BranchNotes(built.branches);
  }

  static async build(folder: string, bugs: readonly Patch[], bug: () => number): Promise<Subject> {
    return new Subject(await buildInstrumented(folder, bugs), bug);
  }

  /** Makes an instance on a light host, hands it to `use`, and takes over its notes. */
  onLightHost(faults: Faults, use: (host: LightHost) => void): void {
    const host = new LightHost(this.compiled, faults, this.bug());
    try {
      use(host);
    } finally {
      this.notes.take(host.memory.buffer);
    }
  }

  /** Starts a proxy with one plugin, hands it to `use`, and takes over the notes of its instances. */
  async with(
    configuration: Uint8Array,
    use: (proxy: RunningProxy, upstream: Upstream) => Promise<void>,
  ): Promise<void> {
    const { module } = this.built;
    const upstream = new Upstream();
    const memories = watchMemories(this.bug());
    try {
      const plugins = [
        {
          name: module.name,
          rootId: module.name,
          vmId: "",
          vmConfiguration: new Uint8Array(),
          module,
          configuration,
          allowOnHeadersStopIteration: module.needsHeldHeaders,
        },
      ];
      const envoy = { port: 0, concurrency: 1 };
      await use(
        await startEmbedded({
          plugins,
          accessLoggers: [],
          services: [],
          isConfigDiscovered: false,
          observing: observingNothing,
          upstream,
          clusters: {},
          grpcClusters: {},
          virtualHost: { name: "fuzz", metadata: {}, routes: [{ name: "", prefix: "/", metadata: {} }] },
          logLevel: "info",
          envoy,
        }),
        upstream,
      );
    } finally {
      for (const memory of memories()) this.notes.take(memory.buffer);
    }
  }
}

/** The memories of all instances that are made until the returned function is called; a planted bug bites in them. */
function watchMemories(bug: number): () => WebAssembly.Memory[] {
  const Original = WebAssembly.Instance;
  const memories: WebAssembly.Memory[] = [];
  class Watched extends Original {
    constructor(...parameters: ConstructorParameters<typeof Original>) {
      super(...parameters);
      const memory = this.exports["memory"] as WebAssembly.Memory | undefined;
      if (memory === undefined) return; // no guest
      new DataView(memory.buffer).setInt32(plantedAt, bug, true);
      memories.push(memory);
    }
  }
  Object.assign(WebAssembly, { Instance: Watched });
  return () => {
    Object.assign(WebAssembly, { Instance: Original });
    return memories;
  };
}
