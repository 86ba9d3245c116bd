import type { HistogramBucket } from "../observation.ts";
import { barrierListener } from "../own-names.ts";
import type { Admin } from "./admin.ts";

/** How many requests have passed the barrier. */
export const barrierTotal = `http.${barrierListener}.downstream_rq_total`;
const barrierTimes = `http.${barrierListener}.downstream_rq_time`;

/**
 * Histograms whose name matches. Workers keep samples until they are merged, all at once: those of the barrier, which has
 * been passed so often, are the last, and tell when all are. By then everything has been read that was said before.
 */
export async function mergedHistograms(
  admin: Admin,
  name: string,
  passed: bigint,
): Promise<Map<string, HistogramBucket[]>> {
  for (;;) {
    const histograms = await admin.histograms(`${name}|^${barrierTimes.replaceAll(".", "\\.")}$`);
    const timed = (histograms.get(barrierTimes) ?? []).reduce((sum, { count }) => sum + count, 0);
    histograms.delete(barrierTimes);
    if (timed >= Number(passed)) return histograms;
  }
}
