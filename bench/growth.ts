import { measure, type Effort } from "./measure.ts";
import { variantsOf } from "./variants.ts";
import { withHeaders } from "./workloads.ts";

const [FEW, MANY] = [5, 60];

/** What a request with many headers may cost, of what one with few does. */
const GOAL = 2;

/** How the cost of reading all headers grows with their number, for each variant of T3: one line. */
export async function growth(binary: string, effort: Effort): Promise<string> {
  const variants = variantsOf("t3");
  const few = await measure(binary, withHeaders(FEW), variants, effort);
  const many = await measure(binary, withHeaders(MANY), variants, effort);
  const ratios = variants.map(({ name }, i) => {
    const ratio = (many[i]?.microsPerFilter ?? NaN) / (few[i]?.microsPerFilter ?? NaN);
    return { name, ratio, text: `${name} ${ratio.toFixed(2)}` };
  });
  const ours = ratios.find(({ name }) => name === "ours")?.ratio ?? NaN;
  const verdict = `≤ ${GOAL.toFixed(2)}: ${ours <= GOAL ? "met" : "missed"}`;
  return `T3 with ${MANY} headers, to T3 with ${FEW}: ${ratios.map(({ text }) => text).join(", ")}; goal ${verdict}`;
}
