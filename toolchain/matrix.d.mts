export function plan(
  args: readonly string[],
  known: readonly string[],
): { versions: string[]; unknown: string[]; files: string[] };
