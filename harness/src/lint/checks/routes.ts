import { types, type Check } from "../configuration.ts";
import type { Message } from "../structure/message.ts";

/** The first route that matches is taken, so one that takes all of another's requests hides it. */
export const routesAreReachable: Check = (configuration, report) => {
  for (const host of configuration.all(types.virtualHost)) {
    const routes = host.messages("routes");
    routes.forEach((route, i) => {
      const first = routes.slice(0, i).find((earlier) => hides(earlier, route));
      const match = route.message("match");
      if (first === undefined || match === null) return;
      report(
        "unreachable-route",
        match.spot,
        `the route ${matchText(first)} before it takes all of its requests`,
        "put the more specific route first",
      );
    });
  }
};

const paths = [
  "prefix",
  "path",
  "path_separated_prefix",
  "safe_regex",
  "connect_matcher",
  "path_match_policy",
];

function hides(earlier: Message, later: Message): boolean {
  const [first, second] = [earlier.message("match"), later.message("match")];
  if (first === null || second === null || !looksOnlyAtPath(first)) return false;
  const prefix = first.text("prefix");
  if (prefix !== null && isCaseSensitive(first)) return startsWith(second, prefix);
  const path = first.text("path");
  return path !== null && isCaseSensitive(first) && isCaseSensitive(second) && second.text("path") === path;
}

function startsWith(match: Message, prefix: string): boolean {
  if (prefix === "/" || prefix === "") return !match.has("connect_matcher");
  const text = match.text("prefix") ?? match.text("path") ?? match.text("path_separated_prefix");
  return isCaseSensitive(match) && text?.startsWith(prefix) === true;
}

function looksOnlyAtPath(match: Message): boolean {
  return [...match.fields.keys()].every((name) => paths.includes(name) || name === "case_sensitive");
}

function isCaseSensitive(match: Message): boolean {
  return match.leaves("case_sensitive")[0]?.value !== false;
}

function matchText(route: Message): string {
  const match = route.message("match");
  const [field = "path"] = paths.filter((name) => match?.has(name) === true);
  return `${field}: ${match?.text(field) ?? "…"}`;
}
