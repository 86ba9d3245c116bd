import type { RunningProxy } from "../../harness/src/backend.ts";
import { startEmbedded } from "../../harness/src/embedded/backend.ts";
import { Upstream } from "../../harness/src/upstream.ts";
import { BranchNotes, buildInstrumented, type Instrumented, type Patch } from "./instrumented.ts";

/** A filter under test, and what its branches did. */
export class Subject {
  readonly notes: BranchNotes;
  private readonly built: Instrumented;

  private constructor(built: Instrumented) {
    this.built = built;
    this.notes = new BranchNotes(built.branches);
  }

  static async build(filter: string, patch?: Patch): Promise<Subject> {
    return new Subject(await buildInstrumented(filter, patch ?? null));
  }

  /** Starts a proxy with one plugin, hands it to `use`, and takes over the notes of its instances. */
  async with(
    configuration: Uint8Array,
    use: (proxy: RunningProxy, upstream: Upstream) => Promise<void>,
  ): Promise<void> {
    const { module } = this.built;
    const upstream = new Upstream();
    const memories = watchMemories();
    try {
      const plugins = [
        {
          name: module.name,
          rootId: module.name,
          vmId: "",
          module,
          configuration,
          allowOnHeadersStopIteration: module.needsHeldHeaders,
        },
      ];
      const envoy = { port: 0, concurrency: 1 };
      await use(
        await startEmbedded({
          plugins,
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

/** The memories of all instances that are made until the returned function is called. */
function watchMemories(): () => WebAssembly.Memory[] {
  const Original = WebAssembly.Instance;
  const memories: WebAssembly.Memory[] = [];
  class Watched extends Original {
    constructor(...parameters: ConstructorParameters<typeof Original>) {
      super(...parameters);
      memories.push(this.exports["memory"] as WebAssembly.Memory);
    }
  }
  Object.assign(WebAssembly, { Instance: Watched });
  return () => {
    Object.assign(WebAssembly, { Instance: Original });
    return memories;
  };
}
