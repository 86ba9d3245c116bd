export function withContainers(
  args: readonly string[],
  reason: string | null,
  environment?: Readonly<Record<string, string | undefined>>,
): { args: string[]; line: string | null };
