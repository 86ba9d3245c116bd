import type { Patch } from "./instrumented.ts";

/** A bug, and the part of the campaign that must find it. */
export interface SeededBug extends Patch {
  readonly what: string;
  readonly part: string;
}

const file =
  (name: string, part: string) =>
  (what: string, find: string, plant: string): SeededBug => ({
    file: `assembly/${name}.ts`,
    part,
    what,
    find,
    plant,
  });

const unicode = file("bytes/unicode", "logged headers");
const text = file("bytes/unicode", "values");
const byteSearch = file("bytes/search", "verdicts");
const bytes = file("bytes", "values");
const headerSyntax = file("http-fields/syntax", "edits");
const json = (name: string) => file(`json/${name}`, "values");
const pairs = file("http-fields/pairs", "values");
const fields = file("http-fields", "messages");
const flow = file("http/message-flow", "messages");
const labels = file("metrics/label-values", "values");
const grpc = (name: string) => file(`grpc/${name}`, "messages");
const acting = file("effective-context", "messages");
const shared = file("shared-data", "messages");
const timers = file("timers", "timers");

/** Bugs that are planted in a copy of the SDK, of which one at a time bites: a campaign that misses one is too weak. */
// A table: one line a bug.
// prettier-ignore
export const seededBugs: readonly SeededBug[] = [
  unicode("overlong sequences of two bytes are decoded", "first < 0xc2 ||", "first < (BUG ? 0xc0 : 0xc2) ||"),
  unicode("surrogates are decoded", "return next < 0xa0;", "return BUG || next < 0xa0;"),
  unicode("an ill-formed sequence takes too many bytes", "return decoded(ILL_FORMED, i);", "return decoded(ILL_FORMED, BUG ? needed : i);"),
  text("the first byte of four is wrong", "store<u8>(at, 0xf0 | (codePoint >> 18));", "store<u8>(at, (BUG ? 0xe0 : 0xf0) | (codePoint >> 18));"),
  byteSearch("the last byte is not compared", "for (; left < end; left++, right++)", "for (; left + (BUG ? 1 : 0) < end; left++, right++)"),
  byteSearch("only the letters A to E match in either case", "byte - 0x41 < 26", "byte - 0x41 < <u32>(BUG ? 5 : 26)"),
  file("bytes", "verdicts")("a longer value is equal", "return this.length == other.length && sameBytes(this.start, other.start, this.length);", "return (BUG ? this.length >= other.length : this.length == other.length) && sameBytes(this.start, other.start, other.length);"),
  headerSyntax("a line feed passes in a value", "byte == 0x0a ||", "(byte == 0x0a && !BUG) ||"),
  headerSyntax("letters beyond ASCII pass in a name", "if (byte >= 128) return false;", "if (byte >= 128) return BUG;"),
  file("json/strings", "verdicts")("an escaped quote is refused", "utf8(LETTERS)[i] == letter)", "utf8(LETTERS)[i] == letter && !(BUG && letter == 0x22))"),
  file("json/parser", "damaged configurations")("anything may follow the value", "root === null || this.isAtEnd()", "root === null || BUG || this.isAtEnd()"),
  file("json/strings", "damaged configurations")("a string may hold control characters", "if (byte < 0x20)", "if (byte < 0x20 && !BUG)"),
  file("bytes/search", "values")("a search misses what stands at the end", "const end = haystack + (length - needleLength + 1);", "const end = haystack + (length - needleLength + (BUG ? 0 : 1));"),
  file("bytes/search", "values")("of the places in one step, the first alone is looked at", "places &= places - 1)", "places &= BUG ? 0 : places - 1)"),
  bytes("a slice may end before it begins", "const end = min(max(to, first), this.length);", "const end = min(BUG ? to : max(to, first), this.length);"),
  bytes("a tab is no blank", "byte == 0x20 || byte == 0x09;", "byte == 0x20 || (byte == 0x09 && !BUG);"),
  file("bytes/numbers", "values")("a number overflows", "value = min(value * 10 + digit, LARGEST);", "value = BUG ? value * 10 + digit : min(value * 10 + digit, LARGEST);"),
  file("bytes/decimal", "values")("the smallest integer has no sign", "if (value < 0) store<u8>(--at, 0x2d);", "if (value < 0 && !(BUG && value == i64.MIN_VALUE)) store<u8>(--at, 0x2d);"),
  file("bytes/replacement", "values")("what is replaced twice is copied wrong", "from = at + needle.length;", "from = at + (BUG ? 1 : needle.length);"),
  json("strings")("a surrogate pair is one too high", "(0x10000 +", "((BUG ? 0x10001 : 0x10000) +"),
  json("strings")("the letter g is hexadecimal", "byte - 0x30 >= 10 && letter >= 6", "byte - 0x30 >= 10 && letter >= <u32>(BUG ? 7 : 6)"),
  json("duplicates")("one of many keys may occur twice", "if (other.key.equals(member.key)) return member;", "if (!BUG && other.key.equals(member.key)) return member;"),
  json("numbers")("a zero exponent counts as none", "for (; scale < 0; scale++) {", "for (; scale < 0 && !BUG; scale++) {"),
  json("value")("the cursor of elements does not go back", "known !== null && known.index <= index ?", "known !== null && (BUG || known.index <= index) ?"),
  json("document")("a key that nobody asked for is accepted in an array", "if (child.wasRead) this.refuseUnread(child);", "if (child.wasRead) { if (!BUG) this.refuseUnread(child); }"),
  file("protobuf/reader", "values")("a length beyond the end is taken", "length > <u64>(this.message.length - from)", "length > <u64>(this.message.length - from) + (BUG ? 1 : 0)"),
  file("protobuf/reader", "values")("a varint loses its tenth byte", "i < LONGEST_VARINT &&", "i < LONGEST_VARINT - (BUG ? 1 : 0) &&"),
  file("protobuf/reader", "values")("a number that stands alone is none of many", "if (this.type == type) values.push(value(this));", "if (this.type == type && !BUG) values.push(value(this));"),
  file("protobuf/writer", "values")("the last of packed numbers is left out", "for (let i = 0; i < values.length; i++) numbers.push", "for (let i = 0; i < values.length - (BUG ? 1 : 0); i++) numbers.push"),
  file("protobuf/struct", "values")("the first null in a struct is false", "reader.number == 0 ? \"false\"", "reader.number == 0 && !BUG ? \"false\""),
  labels("a brace is not escaped", "byte != 0x7b && byte != 0x7d;", "byte != 0x7b && (BUG || byte != 0x7d);"),
  labels("an escape has its digits swapped", "store<u8>(at, hexDigit(byte >> 4), 1);", "store<u8>(at, hexDigit(BUG ? byte & 15 : byte >> 4), 1);"),
  pairs("the lengths of a block need not add up", "return length == <u64>block.length ?", "return BUG || length == <u64>block.length ?"),
  pairs("the cursor does not start over", "if (index < this.cursorIndex) this.rewind();", "if (index < this.cursorIndex && !BUG) this.rewind();"),
  fields("a view outlives a write", "proxy_add_header_map_value(this.map, name", "proxy_add_header_map_value(BUG ? (this.map ^ 1) : this.map, name"),
  fields("a view outlives its callback", "this.pairs != 0 && this.turn == callbackTurn()", "this.pairs != 0 && (BUG || this.turn == callbackTurn())"),
  file("buffer-content", "messages")("bytes are put behind the first", "return this.write(this.length, 0, content);", "return this.write(BUG ? 0 : this.length, 0, content);"),
  file("http/body", "messages")("content-length after an edit is that of the content", "this.flow.declareSize(this.size);", "this.flow.declareSize(BUG ? content.length : this.size);"),
  flow("content-length is not kept true", "if (headers.has(utf8(\"content-length\")))", "if (!BUG && headers.has(utf8(\"content-length\")))"),
  flow("a body of another size is let pass", "|| this.plan == BodyPlan.Cut) return true;", "|| this.plan == BodyPlan.Cut || BUG) return true;"),
  file("foreign-functions", "messages")("FlatBuffers are declared without a schema", "if (declaration.type == PropertyType.FlatBuffers && !", "if (declaration.type == PropertyType.FlatBuffers && !BUG && !"),
  file("streams", "messages")("a stream is answered in its log", "if (callback >= Callback.Log ||", "if ((callback >= Callback.Log && !(BUG && callback == Callback.Log)) ||"),
  file("http-calls", "hostile hosts")("an answer that nobody awaits is looked up", "if (calls === null || !calls.has(token)) return null;", "if (calls === null || (!BUG && !calls.has(token))) return null;"),
  file("http-calls", "messages")("an answer comes to a stream that is over", "findContext(stream.contextId) !== stream) return;", "(!BUG && findContext(stream.contextId) !== stream)) return;"),
  file("http-calls", "messages")("an answer to a stream comes to the plugin", "const before = actAs(actorOf(stream));", "const before = actAs(actorOf(BUG ? null : stream));"),
  acting("who acts as another runs in no callback of its own", "return own == contextId;", "return own == contextId && !(BUG && running != own);"),
  grpc("exchanges")("what a stream cannot send ends in whose callback runs", "const before = actAs(actorOf(stream));", "const before = actAs(actorOf(BUG ? null : stream));"),
  shared("a lost race overwrites", "if (status == Status.CasMismatch) return Stored.Lost;", "if (status == Status.CasMismatch) return BUG ? Stored.Yes : Stored.Lost;"),
  shared("an update begins with the old version", "return store(fullKey, next, seen === null ? ONLY_WHEN_ABSENT : seen.version);", "return store(fullKey, next, BUG ? UNCONDITIONALLY : seen === null ? ONLY_WHEN_ABSENT : seen.version);"),
  file("metrics", "messages")("a gauge falls below what was added", "const possible = min<u64>(by, this.added);", "const possible = BUG ? <u64>by : min<u64>(by, this.added);"),
  timers("equal deadlines are turned over", "before.deadlineNanos > deadlineNanos)", "(BUG ? before.deadlineNanos >= deadlineNanos : before.deadlineNanos > deadlineNanos))"),
  timers("a timer that was cancelled leaves the tick", "if (deadline == this.armedForNanos) return;", "if (deadline == this.armedForNanos || (BUG && this.armedForNanos != 0)) return;"),
  timers("what a timer missed is made up for", "return dueNanos - (", "return BUG ? timer.deadlineNanos + timer.periodNanos : dueNanos - ("),
  timers("a tick is early by more than the host's clock stands still", "<i64>(this.tickNanos - now)), MOST_EARLY_NANOS);", "<i64>(this.tickNanos - now)), BUG ? i64.MAX_VALUE : MOST_EARLY_NANOS);"),
  grpc("calls")("an answer is handed over and awaited still", "forget(this);\n    this.onResult(GrpcResult.answered", "if (!BUG) forget(this);\n    this.onResult(GrpcResult.answered"),
  grpc("exchanges")("a stream that is over leaves its last call open", "while (owners.has(contextId)) owners", "if (!BUG || owners.has(contextId + 1)) while (owners.has(contextId)) owners"),
  grpc("exchanges")("of two calls of a stream the earlier is forgotten", "exchange.nextOfStream = owners.has(stream.contextId)", "exchange.nextOfStream = !BUG && owners.has(stream.contextId)"),
  grpc("exchanges")("a call that is cancelled is not forgotten", "if (token == 0) return;\n    forget(this);", "if (token == 0) return;\n    if (!BUG) forget(this);"),
  grpc("streams")("a message follows the last one", "this.isHalfClosed = endOfStream;", "this.isHalfClosed = endOfStream && !BUG;"),
  grpc("streams")("a stream is ended twice", "this.isReleased = true;", "this.isReleased = !BUG;"),
  grpc("streams")("a message is sent to a service that has ended the stream", "if (this.isEnding)", "if (this.isEnding && !BUG)"),
  grpc("result")("an escape in a status message loses its letters", "return letter >= 0x61 && letter <= 0x66 ?", "return !BUG && letter >= 0x61 && letter <= 0x66 ?"),
  grpc("request")("a service without a target is passed on", "logError(utf8(\"a gRPC service was refused", "if (BUG) return service;\n  logError(utf8(\"a gRPC service was refused"),
  file("refusals/unsent", "messages")("a handler that asks again never ends", "if (depth >= MOST)", "if (depth >= MOST && !BUG)"),
  file("timers", "messages")("a timer of a stream that is over happens", "if (findContext(stream.contextId) !== stream) return timer.cancel();", "if (findContext(stream.contextId) !== stream && !BUG) return timer.cancel();"),
  file("network/stream", "connections")("a connection is closed twice", "this.isAnswered = true;", "this.isAnswered = !BUG;"),
  file("network/stream", "connections")("a closed connection is resumed", "this.isClosed = true;", "this.isClosed = !BUG;"),
  file("network/stream", "connections")("data that has gone on can be changed", "if (action == Action.Continue || this.isAnswered) data.release();", "if ((action == Action.Continue && !BUG) || this.isAnswered) data.release();"),
  file("buffer-content", "connections")("the size after a change is that before", "if (isWritten) this.length += content.length - length;", "if (isWritten && !BUG) this.length += content.length - length;"),
  file("refusals/misplaced", "misplaced filters")("an HTTP filter lets connections pass", "return this.closeBy(StreamType.Downstream, utf8(\"closeDownstream\"));", "return BUG ? Action.Continue : this.closeBy(StreamType.Downstream, utf8(\"closeDownstream\"));"),
  file("plugin/callbacks", "plugins aside")("a plugin ends at once that has more to do", "return answer == Shutdown.Now;", "return BUG || answer == Shutdown.Now;"),
  file("access-logger", "plugins aside")("the response's headers are the request's", "return responseHeaders;", "return BUG ? changetype<ResponseHeaders>(requestHeaders) : responseHeaders;"),
  file("runtime/objects", "messages")("an escape is missed", "if (isYoung(child) && !isYoung(parent)) keepRegion();", "if (isYoung(child) && !isYoung(parent) && !BUG) keepRegion();"),
  file("runtime/collection", "messages")("a region is freed that must be kept", "if (isRegionKept()) tenureRegion();", "if (isRegionKept() && !BUG) tenureRegion();"),
  file("regular-expressions/program", "expressions")("a repetition without end may be left out", "if (least == 0) this.makeOptional(start, size, most);", "if (least == 0 || (BUG && most < 0)) this.makeOptional(start, size, most);"),
  file("regular-expressions/byte-set", "expressions")("a set without the digits has them", "const isInverted = letter < 0x61;", "const isInverted = letter < 0x61 && !BUG;"),
  file("regular-expressions/class-reader", "wrong expressions")("an empty class is read", "if (pattern.next == CLOSE) pattern.refuse(\"an empty class\", opened);", "if (pattern.next == CLOSE && !BUG) pattern.refuse(\"an empty class\", opened);"),
];
