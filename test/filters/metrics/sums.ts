import type { StartedScenario } from "proxy-wasm-harness/scenario";

/** How many streams a listener had, how many were answered, and with which class of status. */
export type Sums = Readonly<Record<"total" | "completed" | "1xx" | "2xx" | "3xx" | "4xx" | "5xx", number>>;

const classes = ["1xx", "2xx", "3xx", "4xx", "5xx"] as const;

/** What Envoy says of the listener `in`. */
export function envoysSums({ stats }: StartedScenario): Sums {
  const of = (name: string): number => stats.get(`http.in.downstream_rq_${name}`) ?? 0;
  return sums(of, of("total"), of("completed"));
}

/** What the filter or the access logger of this prefix says; its series have the label `response_code_class` alone. */
export function countedSums({ stats }: StartedScenario, prefix: string): Sums {
  const of = (codeClass: string): number =>
    stats.get(`${prefix}.requests_total{response_code_class=${codeClass}}`) ?? 0;
  const completed = classes.reduce((sum, codeClass) => sum + of(codeClass), 0);
  return sums(of, completed + of("none"), completed);
}

function sums(of: (codeClass: string) => number, total: number, completed: number): Sums {
  return { total, completed, "1xx": of("1xx"), "2xx": of("2xx"), "3xx": of("3xx"), "4xx": of("4xx"), "5xx": of("5xx") }; // prettier-ignore
}
