import { Bytes } from "../bytes";
import { SharedUpdate } from "../shared-data";

const FREE: u8 = 0x2d;
const TAKEN: u8 = 0x2b;

// The numbers of threads are bytes of one shared value, `++-+`: the number 2 is free.

/** Takes the lowest free number. */
export class TakeNumber extends SharedUpdate {
  taken: i32 = 0;
  /** The numbers that are taken beside it. */
  others: i32[] = [];

  next(current: Bytes | null): Bytes {
    const numbers = current === null ? Bytes.EMPTY : current;
    this.taken = numbers.length;
    this.others = [];
    for (let i = numbers.length - 1; i >= 0; i--) {
      if (numbers[i] == TAKEN) this.others.push(i);
      else this.taken = i;
    }
    return withByte(numbers, this.taken, TAKEN);
  }
}

/** Gives a number back. */
export class ReleaseNumber extends SharedUpdate {
  constructor(private readonly number: i32) {
    super();
  }

  next(current: Bytes | null): Bytes | null {
    return current === null ? null : withByte(current, this.number, FREE);
  }
}

/** The bytes with another one at an index, which may be the one behind them. */
function withByte(numbers: Bytes, index: i32, byte: u8): Bytes {
  const one = new ArrayBuffer(1);
  store<u8>(changetype<usize>(one), byte);
  return numbers
    .slice(0, index)
    .concat(Bytes.fromBuffer(one))
    .concat(numbers.slice(index + 1));
}
