import { Bytes, FieldList, log, LogLevel } from "as-proxy-wasm";

/** What the campaign tells the guest to do: operations with their operands, one after the other. */
export class Script {
  private at: i32 = 0;
  private operation: Bytes = Bytes.EMPTY;

  constructor(private readonly text: Bytes) {}

  /** Goes to the next operation, which has a number for its report; false at the end. */
  next(): bool {
    if (this.at >= this.text.length) return false;
    this.operation = this.take(2);
    return true;
  }

  /** What follows of the script, which outlives this callback. */
  rest(): Bytes {
    return this.text.slice(this.at, this.text.length).copy();
  }

  /** A script of the running operation's number alone. */
  head(): Bytes {
    return this.operation.copy();
  }

  /** An enum's value. */
  code(): i32 {
    return this.take(1)[0];
  }

  flag(): bool {
    return this.code() != 0;
  }

  long(): i64 {
    return load<i64>(this.take(8).start);
  }

  int(): i32 {
    return load<i32>(this.take(4).start);
  }

  bytes(): Bytes {
    return this.take(this.int());
  }

  text16(): string {
    const bytes = this.bytes();
    return String.UTF16.decodeUnsafe(bytes.start, bytes.length);
  }

  text8(): string {
    return this.bytes().toString();
  }

  list(): Bytes[] {
    const items: Bytes[] = [];
    for (let count = this.int(); count > 0; count--) items.push(this.bytes());
    return items;
  }

  /** A script of its own, which outlives this callback. */
  script(): Bytes {
    return this.bytes().copy();
  }

  /** Adds fields to a list, as far as it takes them. */
  addTo(fields: FieldList): bool {
    const items = this.list();
    let areAdded = true;
    for (let i = 0; i + 1 < items.length; i += 2) areAdded = fields.add(items[i], items[i + 1]) && areAdded;
    return areAdded;
  }

  /** Reports what the operation gave. */
  say(result: Bytes): void {
    log.writeBytes(LogLevel.Info, this.operation.concat(result));
  }

  sayText(result: string): void {
    this.say(Bytes.fromString(result));
  }

  sayFlag(result: bool): void {
    this.sayText(result ? "1" : "0");
  }

  sayNumber(result: i64): void {
    this.say(Bytes.fromInteger(result));
  }

  sayMaybe(result: Bytes | null): void {
    if (result === null) this.sayText("null");
    else this.say(Bytes.fromString("=").concat(result));
  }

  sayAll(results: Bytes[]): void {
    let all = Bytes.EMPTY;
    for (let i = 0; i < results.length; i++)
      all = all.concat(Bytes.fromInteger(results[i].length)).concat(Bytes.fromString(":")).concat(results[i]);
    this.say(all);
  }

  private take(length: i32): Bytes {
    this.at += length;
    return this.text.slice(this.at - length, this.at);
  }
}
