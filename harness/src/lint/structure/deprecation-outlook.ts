/** What a version of Envoy makes of a field or an enum's value. */
export type Standing = "absent" | "sound" | "deprecated" | "disallowed";

/**
 * Since when something is deprecated and until when Envoy takes it, as far as the known versions tell it, the oldest first.
 * Envoy's policy promises no longer than that: a release after the one that deprecates something may refuse it.
 */
export function outlook(standings: ReadonlyMap<string, Standing>, version: string): string {
  const known = [...standings.keys()];
  const later = known.slice(known.indexOf(version) + 1);
  const end = later.find((other) => standings.get(other) !== "deprecated");
  const newest = known.at(-1) ?? version;
  const ending =
    end === undefined
      ? `every Envoy up to ${newest} takes it with a warning, and any from ${after(newest)} on may refuse it`
      : `Envoy ${end} ${standings.get(end) === "absent" ? "no longer has it" : "refuses it"}`;
  return `since ${beginning(standings, version)}: ${ending}`;
}

function beginning(standings: ReadonlyMap<string, Standing>, version: string): string {
  const known = [...standings.keys()];
  const first = known.find((other) => standings.get(other) === "deprecated") ?? version;
  return first === known[0] ? `${first} or before` : first;
}

/** Of `1.40`, `1.41`. */
function after(version: string): string {
  const [major = "", minor = ""] = version.split(".");
  return `${major}.${Number(minor) + 1}`;
}
