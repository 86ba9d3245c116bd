export function optionTables(schema: object, links?: Readonly<Record<string, string>>): string;
export function withOptions(page: string, schema: object, links?: Readonly<Record<string, string>>): string;
export function optionPages(
  filters: string,
  links?: Readonly<Record<string, string>>,
): Array<{ name: string; file: string; page: string; current: string }>;
