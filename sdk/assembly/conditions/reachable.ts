import { Ambiguous, PathOptions } from "../paths/options";
import { Bytes } from "../bytes";
import { canonicalHost } from "../paths/host";
import { Comparison, Look } from "./comparison";
import { JsonObject } from "../json/object";
import { normalize } from "../paths/normalization";

/** Refuses a comparison with what no path in its normal form is: it would never hold, and guard nothing. */
export function refuseUnreachablePath(json: JsonObject, comparison: Comparison): void {
  const reason = "must be a path as it is after decoding: with / first, without //, \\, . and .. segments";
  if (comparison.look == Look.Prefix && comparison.operand[0] != 0x2f)
    json.refuse("prefix", "must begin with /");
  if (comparison.look == Look.Exact && !isNormalPath(comparison.operand)) json.refuse("exact", reason);
  for (let i = 0; i < comparison.choices.length; i++) {
    if (!isNormalPath(comparison.choices[i])) json.array("one_of").refuseElement(i, reason);
  }
}

/** As with paths. */
export function refuseUnreachableHost(json: JsonObject, comparison: Comparison): void {
  const reason = "must be a host without port and without a dot at its end";
  if (comparison.look == Look.Exact && !isCanonicalHost(comparison.operand)) json.refuse("exact", reason);
  for (let i = 0; i < comparison.choices.length; i++) {
    if (!isCanonicalHost(comparison.choices[i])) json.array("one_of").refuseElement(i, reason);
  }
}

/** Escapes are left out of account: a path may hold what looks like one, where its client encoded the `%`. */
function isNormalPath(path: Bytes): bool {
  if (path.length == 1 && path[0] == 0x2a) return true;
  if (path[0] != 0x2f) return false;
  if (path.indexOf(Bytes.fromString("%")) >= 0) return true;
  const normal = normalize(path, new PathOptions(true, Ambiguous.Keep, Ambiguous.Keep));
  return normal !== null && normal.equals(path);
}

function isCanonicalHost(host: Bytes): bool {
  const canonical = canonicalHost(host);
  return canonical !== null && canonical.length == host.length;
}
