import { Action, HttpFilter, httpFilter, log, RequestHeaders, utf8 } from "as-proxy-wasm";
import { isLong } from "./words";

/**
 * A line that is counted says at its end how often it runs when the specs beside it do: of five requests four have a word,
 * of 6, 3, 5 and 7 letters.
 */
@httpFilter("counted")
export class Counted extends HttpFilter {
  private length: i32 = 0; // 5

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const word = headers.get(utf8("x-word")); // 5
    if (word === null) {
      // 5
      log.info("no word"); // 1
      return Action.Continue; // 1
    }
    for (let i = 0; i < word.length; i++) {
      // 25
      this.length++; // 21
    }
    return isLong(word) ? this.refuse(word.equals(utf8("never-said"))) : Action.Continue; // 4
  }

  private refuse(isStrange: bool): Action {
    log.warn("a long word"); // 2
    if (isStrange) {
      // 2
      log.error("never said"); // 0
    }
    return this.respond(413, "long_word"); // 2
  }
}
