import { AddressRange } from "../addresses/range";
import { Bytes } from "../bytes";
import { Comparison } from "./comparison";
import { Condition } from "./condition";
import { RequestFacts } from "./request-facts";
import { Truth } from "./truth";
import { ValueCondition } from "./value-condition";

/** A part of each request that has one value at most. */
export enum Part {
  /** The path in its normal form; one that is in doubt leaves the condition in doubt. */
  Path,
  /** The host in its canonical form. */
  Host,
  Method,
  /** The name in the client's certificate. */
  Peer,
}

/** Compares a part of a request. */
export class PartCondition extends ValueCondition {
  /** Compares paths where their case does not count. */
  private readonly ignoringCase: Comparison;

  constructor(
    private readonly part: Part,
    comparison: Comparison,
    isInverted: bool,
  ) {
    super(part == Part.Host ? comparison.ignoringCase() : comparison, isInverted);
    this.ignoringCase = part == Part.Path ? comparison.ignoringCase() : comparison;
  }

  holds(facts: RequestFacts): Truth {
    const value = this.valueIn(facts);
    if (this.part == Part.Peer) {
      if (value === null) return this.ofAbsence(facts);
      facts.valuesFound++;
    }
    const isPathOfAnyCase = this.part == Part.Path && !facts.options.paths.isCaseSensitive;
    return this.truthOf(value, isPathOfAnyCase ? this.ignoringCase : this.comparison);
  }

  private valueIn(facts: RequestFacts): Bytes | null {
    switch (this.part) {
      case Part.Path:
        return facts.target.path;
      case Part.Host:
        return facts.host;
      case Part.Method:
        return facts.method;
      default:
        return facts.peer;
    }
  }
}

/** Holds for clients from some ranges of addresses; a client whose address nobody knows leaves it in doubt. */
export class ClientCondition extends Condition {
  constructor(
    private readonly ranges: AddressRange[],
    private readonly isInverted: bool,
  ) {
    super();
  }

  holds(facts: RequestFacts): Truth {
    const client = facts.clientAddress;
    if (client === null) return Truth.Doubt;
    let isInside = false;
    for (let i = 0; i < this.ranges.length && !isInside; i++) isInside = this.ranges[i].holds(client);
    return isInside != this.isInverted ? Truth.Yes : Truth.No;
  }
}
