import { Body, Bytes } from "as-proxy-wasm";

/** Leaves so many bytes of a body, and drops all that follow. */
export class Cut {
  private isCut: bool = false;

  constructor(private left: i64) {}

  /** Cuts a piece of the body; true for the first one that is cut. */
  shorten(body: Body): bool {
    if (body.size <= this.left) {
      this.left -= body.size;
      return false;
    }
    body.replace(this.left == 0 ? Bytes.EMPTY : body.read(0, <i32>this.left));
    this.left = 0;
    const isFirst = !this.isCut;
    this.isCut = true;
    return isFirst;
  }
}
