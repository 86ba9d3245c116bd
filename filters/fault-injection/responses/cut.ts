import { Action, Body, properties, Timer, utf8 } from "as-proxy-wasm";
import { FaultInjection } from "../index";
import { truncationsInjected } from "../stats";

/** By then what went on before has left. */
const BREAK_OFF_MS: u32 = 1;

/** Lets so many bytes of a body pass, and breaks the stream off there. */
export class Cut extends Timer {
  private isCut: bool = false;

  constructor(
    private readonly filter: FaultInjection,
    private left: i64,
  ) {
    super();
  }

  /** A piece of the body has come. */
  shorten(body: Body, endOfStream: bool): Action {
    if (this.isCut) return Action.PauseSender;
    if (body.size <= this.left) {
      this.left -= body.size;
      return Action.Continue;
    }
    this.isCut = true;
    truncationsInjected.increment();
    return endOfStream ? this.endWith(body) : this.breakOffAfter(body);
  }

  onTime(): void {
    this.filter.close();
  }

  private breakOffAfter(body: Body): Action {
    this.filter.after(BREAK_OFF_MS, this);
    if (this.left == 0) return Action.PauseSender;
    this.keepFirst(body);
    return Action.Continue;
  }

  /**
   * The piece and the end of the stream go on together or not at all. Over HTTP/1 the client would take the next response
   * for what `content-length` still promises.
   */
  private endWith(body: Body): Action {
    const protocol = properties.request.protocol();
    if (protocol === null || protocol.startsWith(utf8("HTTP/1"))) return this.filter.close();
    this.keepFirst(body);
    return Action.Continue;
  }

  private keepFirst(body: Body): void {
    body.replace(body.read(0, <i32>this.left));
  }
}
