import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { scenarios } from "../../filters/rate-limit/scenarios.ts";
import { wrong } from "../../filters/rate-limit/wrong-configurations.ts";
import { wrongServices } from "../../filters/rate-limit/wrong-services.ts";

const file = new URL("../../../filters/rate-limit/schema.json", import.meta.url);
const isValid = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(file, "utf8")) as object);

/** What a schema cannot say: how values of several keys go together. */
const beyondSchema = new Set([
  "a name of two rules",
  "a burst of a sliding window",
  "a burst that takes ages",
  "an override of more values than parts",
]);

test.for(scenarios)("what the filter accepts, the schema does: $title", ({ configuration }) => {
  expect(isValid(configuration), JSON.stringify(isValid.errors)).toBe(true);
});

test.for([...wrong, ...wrongServices])(
  "what the filter refuses, the schema does, as far as a schema can: %s",
  ([what, configuration]) => {
    expect(isValid(configuration)).toBe(beyondSchema.has(what));
  },
);
