/**
 * One entry of Envoy's `stats_config.stats_tags` (envoy.config.metrics.v3.TagSpecifier).
 *
 * @category Look into modules
 */
export interface StatsTag {
  /** The label's name, and Prometheus' name for it. */
  readonly tag_name: string;
  /** The first group is what Envoy takes out of the name, the second the tag's value. */
  readonly regex: string;
}

/**
 * What Envoy needs to see the labels of a filter's metrics, which stand in their names as `{method=GET}{code=200}`: put
 * it under `stats_config.stats_tags` of its bootstrap. Without it each series has a name of its own.
 *
 * @category Look into modules
 */
export function statsTags(labels: Iterable<string>): StatsTag[] {
  return [...new Set(labels)].sort().map((label) => ({
    tag_name: label,
    regex: `(\\{${label}=([^}]*)\\})`,
  }));
}
