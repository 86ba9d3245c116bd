import { Ambiguous, PathOptions } from "../paths/options";
import { Bytes, utf8 } from "../bytes";
import { canonicalHost } from "../paths/host";
import { Comparison, Look } from "./comparison";
import { JsonObject } from "../json/object";
import { normalize } from "../paths/normalization";

/**
 * Refuses a comparison with what no path in its normal form is or holds, or no host in its canonical form is: it would never
 * hold, and guard nothing.
 */
export function refuseUnreachable(json: JsonObject, comparison: Comparison, isPath: bool): void {
  const reason = isPath
    ? "must be a path as it is after decoding: with / first, without //, \\, . and .. segments"
    : "must be a host without port and without a dot at its end, or as [2001:db8::1]";
  const operand = comparison.operand;
  if (comparison.look == Look.Exact && !isReachable(operand, isPath)) json.refuse("exact", reason);
  if (isPath) refusePiece(json, comparison.look, operand);
  for (let i = 0; i < comparison.choices.length; i++) {
    if (!isReachable(comparison.choices[i], isPath)) json.array("one_of").refuseElement(i, reason);
  }
}

/** Refuses a piece that no path holds where it is to stand. */
function refusePiece(json: JsonObject, look: Look, piece: Bytes): void {
  const reason = "must not hold //, \\, . and .. segments: no path does after decoding";
  if (look == Look.Prefix) {
    if (piece[0] != 0x2f) json.refuse("prefix", "must begin with /");
    else if (!isNormalPath(piece.concat(utf8("x")))) json.refuse("prefix", reason);
  }
  const end = utf8("/x").concat(piece);
  if (look == Look.Suffix && !isNormalPath(end)) json.refuse("suffix", reason);
  if (look == Look.Contains && !isNormalPath(end.concat(utf8("x")))) json.refuse("contains", reason);
}

function isReachable(text: Bytes, isPath: bool): bool {
  if (isPath) return isNormalPath(text);
  const canonical = canonicalHost(text);
  return canonical !== null && canonical.equalsIgnoreCase(text);
}

/** Escapes are left out of account: a path may hold what looks like one, where its client encoded the `%`. */
function isNormalPath(path: Bytes): bool {
  if (path.length == 1 && path[0] == 0x2a) return true;
  if (path[0] != 0x2f) return false;
  if (path.indexOf(utf8("%")) >= 0) return true;
  const normal = normalize(path, new PathOptions(true, Ambiguous.Keep, Ambiguous.Keep));
  return normal !== null && normal.equals(path);
}
