import { Condition } from "./condition";
import { RequestFacts } from "./request-facts";
import { Truth } from "./truth";

/** Holds when all of its conditions do; those behind one that does not are not looked at. */
export class AllCondition extends Condition {
  constructor(private readonly conditions: Condition[]) {
    super();
  }

  holds(facts: RequestFacts): Truth {
    let least = Truth.Yes;
    for (let i = 0; i < this.conditions.length && least != Truth.No; i++)
      least = min(least, this.conditions[i].holds(facts));
    return least;
  }
}

/** Holds when one of its conditions does; those behind it are not looked at. */
export class AnyCondition extends Condition {
  constructor(private readonly conditions: Condition[]) {
    super();
  }

  holds(facts: RequestFacts): Truth {
    let greatest = Truth.No;
    for (let i = 0; i < this.conditions.length && greatest != Truth.Yes; i++)
      greatest = max(greatest, this.conditions[i].holds(facts));
    return greatest;
  }
}
