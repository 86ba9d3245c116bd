import { HarnessError } from "../errors.ts";
import { lintResources } from "../lint/lint.ts";
import { findingText } from "../lint/text.ts";
import { controlPlaneCluster } from "../own-names.ts";
import { cds } from "./resource-types.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Update } from "./update.ts";

/**
 * Holds what an update adds against lint's rules, with the clusters that are served beside it. Refused with
 * `invalid_input` and every error; warnings do not count, and nothing does where the update says `allowInvalid`.
 */
export function assertSound({ set = [], allowInvalid = false }: Update, before: Snapshot): void {
  if (allowInvalid) return;
  const served = [...before.with(set).ofType(cds).keys()];
  const bodies = set.map(({ body }) => body);
  const findings = lintResources(
    bodies,
    served.length === 0 ? {} : { otherClusters: [...served, controlPlaneCluster] },
  );
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  throw new HarnessError(
    "invalid_input",
    `the update was not sent, for lint finds errors in it:\n` +
      errors.map((finding) => findingText(finding, { isColoured: false })).join("\n") +
      "\nMend them, or say allowInvalid to send it as it is.",
  );
}
