import { Bytes } from "../bytes";
import { Comparison, Look } from "./comparison";
import { Condition } from "./condition";
import { decodeQueryPart } from "../paths/percent";
import { queryValues } from "./query";
import { Repeated } from "./facts-options";
import { RequestFacts } from "./request-facts";
import { Truth } from "./truth";

/**
 * Compares values that a request has by a name, or has not: for conditions of a filter's own, which a `ConditionReader`
 * reads. Source: `as-proxy-wasm/schemas/condition.schema.json`.
 *
 * @category Conditions
 */
export abstract class ValueCondition extends Condition {
  constructor(
    /** What a value is compared with. */
    protected readonly comparison: Comparison,
    /** Whether it holds when the comparison does not. */
    protected readonly isInverted: bool,
  ) {
    super();
  }

  /**
   * The truth about a value that is not there. It satisfies no comparison; whether it is another value than some value
   * nobody knows.
   */
  protected ofAbsence(facts: RequestFacts): Truth {
    facts.valuesAbsent++;
    if (!this.isInverted) return Truth.No;
    return this.comparison.look == Look.Present ? Truth.Yes : Truth.Doubt;
  }

  /** The truth about a value that is there, made ready to be compared; null when it cannot be read. */
  protected ofValue(value: Bytes | null): Truth {
    return this.truthOf(value, this.comparison);
  }

  /** For the SDK: as `ofValue`, by another comparison. @internal */
  protected truthOf(value: Bytes | null, comparison: Comparison): Truth {
    if (value === null) return Truth.Doubt;
    return comparison.satisfiedBy(value) != this.isInverted ? Truth.Yes : Truth.No;
  }
}

/** Compares the values of a header, or of a query parameter. */
export class NamedCondition extends ValueCondition {
  constructor(
    private readonly name: Bytes,
    /** Whether it is a query parameter. */
    private readonly isQuery: bool,
    comparison: Comparison,
    isInverted: bool,
  ) {
    super(comparison, isInverted);
  }

  holds(facts: RequestFacts): Truth {
    const repeated = facts.options.repeated;
    const values = this.isQuery
      ? queryValues(facts.target.query, this.name, mostValues(repeated))
      : facts.headers.getAll(this.name);
    if (values.length == 0) return this.ofAbsence(facts);
    facts.valuesFound++;
    if (values.length > 1 && repeated == Repeated.Refuse) return refuseRepeated(facts);
    const truth = this.ofSent(values[0]);
    if (repeated == Repeated.First) return truth;
    for (let i = 1; i < values.length; i++) if (this.ofSent(values[i]) != truth) return Truth.Doubt;
    return truth;
  }

  private ofSent(value: Bytes): Truth {
    return this.ofValue(this.isQuery ? decodeQueryPart(value) : value);
  }
}

/** As many values as the policy looks at. */
function mostValues(repeated: Repeated): i32 {
  if (repeated == Repeated.First) return 1;
  return repeated == Repeated.Refuse ? 2 : i32.MAX_VALUE;
}

function refuseRepeated(facts: RequestFacts): Truth {
  facts.sawRepeated = true;
  return Truth.Doubt;
}
