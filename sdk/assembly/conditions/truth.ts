/**
 * What a condition says of a request. The numbers are in order: what holds for all is the least of its truths, what holds
 * for any is the greatest.
 *
 * @category Conditions
 */
export enum Truth {
  /** The condition does not hold. */
  No,
  /**
   * Nobody knows: what it speaks of is missing, malformed or said in two ways. A filter that guards something takes it for
   * `Yes` where it would refuse, and for `No` where it would let pass.
   */
  Doubt,
  /** The condition holds. */
  Yes,
}
