import { AddressRange } from "../addresses/range";
import { Comparison } from "./comparison";
import { Condition } from "./condition";
import { RequestFacts } from "./request-facts";
import { Truth } from "./truth";
import { ValueCondition } from "./value-condition";

/** Compares the path in its normal form; one that is in doubt leaves the condition in doubt. */
export class PathCondition extends ValueCondition {
  private readonly ignoringCase: Comparison;

  constructor(comparison: Comparison, isInverted: bool) {
    super(comparison, isInverted);
    this.ignoringCase = comparison.ignoringCase();
  }

  holds(facts: RequestFacts): Truth {
    const path = facts.target.path;
    if (path === null) return Truth.Doubt;
    const isCaseSensitive = facts.options.paths.isCaseSensitive;
    const comparison = isCaseSensitive ? this.comparison : this.ignoringCase;
    return comparison.satisfiedBy(path) != this.isInverted ? Truth.Yes : Truth.No;
  }
}

/** Compares the host in its canonical form. */
export class HostCondition extends ValueCondition {
  constructor(comparison: Comparison, isInverted: bool) {
    super(comparison.ignoringCase(), isInverted);
  }

  holds(facts: RequestFacts): Truth {
    return this.ofValue(facts.host);
  }
}

/** Compares the method. */
export class MethodCondition extends ValueCondition {
  constructor(comparison: Comparison, isInverted: bool) {
    super(comparison, isInverted);
  }

  holds(facts: RequestFacts): Truth {
    return this.ofValue(facts.method);
  }
}

/** Compares the name in the client's certificate. */
export class PeerCondition extends ValueCondition {
  constructor(comparison: Comparison, isInverted: bool) {
    super(comparison, isInverted);
  }

  holds(facts: RequestFacts): Truth {
    const peer = facts.peer;
    if (peer === null) return this.ofAbsence(facts);
    facts.valuesFound++;
    return this.ofValue(peer);
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
