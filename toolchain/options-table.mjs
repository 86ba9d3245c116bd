// The options of a filter as Markdown, from its schema.json: what its README shows between two markers.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const begin = "<!-- options: from schema.json by `npm run docs` -->";
const end = "<!-- end of options -->";

/** What a key's end says about its unit. */
const units = { _ms: "ms", _seconds: "s", _bytes: "bytes", _percent: "percent", _permille: "per mille" };

/** A page with the tables between its markers made anew; refused where it has no markers. */
export function withOptions(page, schema, links = {}) {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page must have the lines ${begin} and ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${optionTables(schema, links)}\n\n${page.slice(to)}`;
}

/**
 * A table of the schema's own options, and one for each of its definitions, except for those that `links` gives a page
 * of their own: `{ condition: "../../docs/conditions.md" }`.
 */
export function optionTables(schema, links = {}) {
  const link = (name) => links[name] ?? `#${name.replaceAll("_", "-")}`;
  const own = Object.entries(schema.definitions ?? {}).filter(([name]) => !(name in links));
  return [
    table(rows(schema, "", link)),
    ...own.map(([name, definition]) =>
      [`### ${name}`, definition.description, table(rows(definition, "", link))].filter(Boolean).join("\n\n"),
    ),
  ].join("\n\n");
}

function table(found) {
  const cells = [["key", "type", "default", "meaning"], ...found];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => [...row[column]].length)));
  const line = (row) => `| ${row.map((cell, column) => pad(cell, widths[column])).join(" | ")} |`;
  return [line(cells[0]), line(widths.map((width) => "-".repeat(width))), ...cells.slice(1).map(line)].join(
    "\n",
  );
}

function pad(text, width) {
  return text + " ".repeat(width - [...text].length);
}

/** A row for each key that an object may have, the keys of its alternatives and of the objects below it, too. */
function rows(schema, prefix, link) {
  const required = new Set(schema.required ?? []);
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => [
    row(prefix + key, property, presence(property, required.has(key)), link),
    ...below(property, `${prefix}${key}`, link),
  ]);
  return [...own, ...alternatives(schema, prefix, link)];
}

function presence(property, isRequired) {
  if (isRequired) return "required";
  return property.default === undefined ? "–" : `\`${JSON.stringify(property.default)}\``;
}

function row(key, property, given, link) {
  return [`\`${key}\``, typeOf(property, key, link), given, cell(property.description ?? "")];
}

/** The options of the objects that an option holds. */
function below(property, key, link) {
  if (property.type === "array") return below(property.items, `${key}[]`, link);
  if (property.type !== "object" && property.oneOf === undefined) return [];
  const values = property.additionalProperties;
  if (typeof values === "object") return below(values, `${key}.*`, link);
  return rows(property, `${key}.`, link);
}

/** The keys of which there must be exactly one, or that only some alternatives have, each once. */
function alternatives(schema, prefix, link) {
  const choices = (schema.oneOf ?? []).filter((choice) => choice.properties !== undefined);
  const seen = new Set(Object.keys(schema.properties ?? {}));
  return choices.flatMap((choice) => {
    const fresh = Object.entries(choice.properties).filter(([key]) => !seen.has(key));
    return fresh.flatMap(([key, property]) => {
      seen.add(key);
      const others = choices.some(({ properties }) => !(key in properties));
      const given = others
        ? oneOfThem(choice, key, property)
        : presence(property, choice.required?.includes(key));
      return [row(prefix + key, property, given, link), ...below(property, prefix + key, link)];
    });
  });
}

function oneOfThem(choice, key, property) {
  return choice.required?.includes(key) ? "one of these" : presence(property, false);
}

function typeOf(schema, key, link) {
  if (schema.$ref !== undefined) return reference(schema.$ref, link);
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.type === "array") return `array of ${plural(schema.items, key, link)}`;
  if (schema.type === undefined && schema.oneOf !== undefined)
    return [...new Set(schema.oneOf.map((choice) => typeOf(choice, key, link)))].join(" or ");
  return [schema.type, unit(schema, key), range(schema)].filter(Boolean).join(", ");
}

function plural(items, key, link) {
  if (items.$ref !== undefined || items.enum !== undefined) return typeOf(items, key, link);
  return `${typeOf({ ...items, minimum: undefined, maximum: undefined }, key, link)}s`;
}

function reference(target, link) {
  const name = target.replace("#/definitions/", "");
  return `[${name}](${link(name)})`;
}

function unit(schema, key) {
  if (schema.type !== "integer" && schema.type !== "number") return "";
  const suffix = Object.keys(units).find((ending) => key.endsWith(ending));
  return suffix === undefined ? "" : units[suffix];
}

function range({ minimum, maximum }) {
  if (minimum === undefined && maximum === undefined) return "";
  if (maximum === undefined) return `at least ${minimum}`;
  return minimum === undefined ? `at most ${maximum}` : `${minimum} to ${maximum}`;
}

/** A bar would end the cell. */
function cell(text) {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

const conditions = new URL("../sdk/schemas/condition.schema.json", import.meta.url);

/** The page of what filters copy from the SDK's schema. */
function conditionLinks() {
  const { definitions } = JSON.parse(readFileSync(conditions, "utf8"));
  return Object.fromEntries(Object.keys(definitions).map((name) => [name, "../../docs/conditions.md"]));
}

/** The filters of a folder that have a schema: the page of each, as it is and as it must be. */
export function optionPages(filters, links = conditionLinks()) {
  return readdirSync(filters)
    .filter((name) => existsSync(path.join(filters, name, "schema.json")))
    .map((name) => {
      const file = path.join(filters, name, "README.md");
      const schema = JSON.parse(readFileSync(path.join(filters, name, "schema.json"), "utf8"));
      const page = readFileSync(file, "utf8");
      return { name, file, page, current: withOptions(page, schema, links) };
    });
}
