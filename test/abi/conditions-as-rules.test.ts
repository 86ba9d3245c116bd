import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { scenarios } from "../filters/header-authz/scenarios.ts";
import { guest } from "../guests/guest.ts";

/** A rule of a scenario, and the number of the condition that says the same. */
interface NumberedRule {
  readonly isAllow: boolean;
  readonly index: number;
}

const cases: object[] = [];
const numbered = scenarios.map((scenario) => ({ scenario, rules: rulesOf(scenario) }));

function rulesOf({ configuration }: (typeof scenarios)[number]): NumberedRule[] {
  const { rules, repeated = "refuse" } = configuration;
  return rules.map((rule) => {
    const isAllow = "allow" in rule;
    const index = cases.push({ when: isAllow ? rule.allow : rule.deny, facts: { repeated } }) - 1;
    return { isAllow, index };
  });
}

const test = filterTest(guest("judges-requests"), { cases });

for (const { scenario, rules } of numbered) {
  test(`as conditions: ${scenario.title}`, async ({ proxy }) => {
    const ask = async (index: number): Promise<string> => {
      const headers = [["x-case", String(index)] as const, ...(scenario.headers ?? [])];
      return (await proxy.get("/", { headers })).text();
    };
    expect(await verdictOf(rules, ask)).toBe(scenario.verdict);
  });
}

/** How a filter decides by conditions: doubt denies, and does not allow. */
async function verdictOf(
  rules: readonly NumberedRule[],
  ask: (index: number) => Promise<string>,
): Promise<string> {
  let found = 0;
  for (const { isAllow, index } of rules) {
    const [truth, repeated, counts = ""] = (await ask(index)).split("|");
    if (repeated === "repeated") return "repeated_header";
    if (isAllow ? truth === "yes" : truth !== "no") return isAllow ? "allowed" : "denied_by_rule";
    if (isAllow) found += Number(counts.split("/")[0]);
  }
  return found > 0 ? "no_rule_matched" : "missing_header";
}
