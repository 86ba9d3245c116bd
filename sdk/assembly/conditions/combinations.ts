import { Condition } from "./condition";
import { RequestFacts } from "./request-facts";
import { Truth } from "./truth";

/** Holds when all of its conditions do, or when one of them does; those behind the one that decides are not looked at. */
export class Combination extends Condition {
  constructor(
    private readonly conditions: Condition[],
    /** Whether one that holds is enough. */
    private readonly isAny: bool,
  ) {
    super();
  }

  holds(facts: RequestFacts): Truth {
    const decisive = this.isAny ? Truth.Yes : Truth.No;
    let truth = this.isAny ? Truth.No : Truth.Yes;
    for (let i = 0; i < this.conditions.length && truth != decisive; i++) {
      const next = this.conditions[i].holds(facts);
      if (this.isAny ? next > truth : next < truth) truth = next;
    }
    return truth;
  }
}
