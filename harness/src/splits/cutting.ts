import { BodyChunks } from "../body-chunks.ts";

/** A place in one of the bodies of a run; bodies are counted in the order in which the scenario cuts them. */
export interface Position {
  readonly body: number;
  readonly at: number;
}

/** How the bodies of one run are cut. */
export interface Cutting {
  readonly cuts: readonly Position[];
  /** Of each body. */
  readonly endsAlone: readonly boolean[];
}

/** Cuts the bodies that a scenario hands to it, one run long. */
export class Cutter {
  /** What it was handed, in this order. */
  readonly bodies: Uint8Array[] = [];
  private readonly cutting: Cutting;

  constructor(cutting: Cutting) {
    this.cutting = cutting;
  }

  /** A body that has become shorter than it was in the first run is cut as far as it goes. */
  readonly chunks = (body: string | Uint8Array): BodyChunks => {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const number = this.bodies.push(bytes) - 1;
    const { cuts, endsAlone } = this.cutting;
    const own = cuts.filter((cut) => cut.body === number && cut.at <= bytes.length).map(({ at }) => at);
    return BodyChunks.cut(bytes, own, { endsAlone: endsAlone[number] ?? true });
  };
}
