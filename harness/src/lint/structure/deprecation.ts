import { getOption, hasOption, type DescEnumValue, type DescField } from "@bufbuild/protobuf";
import {
  disallowed_by_default,
  disallowed_by_default_enum,
} from "../../../api/envoy/annotations/deprecation_pb.js";
import { envoyApi, knownApiVersions } from "../../envoy-api/descriptors.ts";
import type { Spot } from "../finding.ts";
import { fieldOf } from "./field-names.ts";
import { replacementOf } from "./replacements.ts";
import type { Reading } from "./reader.ts";

/** Reports a field that is deprecated, or disallowed, with what replaces it. */
export function checkDeprecation({ report, version }: Reading, field: DescField, spot: Spot): void {
  if (!field.deprecated) return;
  const name = `${field.parent.typeName}.${field.name}`;
  const isRefused = hasOption(field, disallowed_by_default) && getOption(field, disallowed_by_default);
  const hint = replacementOf(name);
  if (isRefused)
    report("disallowed", spot, `${field.name} is disallowed in Envoy ${version}, which refuses it`, hint);
  else report("deprecated", spot, `${field.name} is deprecated${firstDeprecated(field, version)}`, hint);
}

/** `since 1.39`, where the known versions tell it. */
function firstDeprecated(field: DescField, version: string): string {
  const isIn = (other: string): boolean => {
    const desc = envoyApi(other).getMessage(field.parent.typeName);
    return desc !== undefined && fieldOf(desc, field.name)?.deprecated === true;
  };
  const first = knownApiVersions().find(isIn) ?? version; // the oldest is asked first, and mostly it is that one
  const since = first === knownApiVersions()[0] ? "" : ` since ${first}`;
  return `${since}, and will be refused by a later version`;
}

/** Reports a value of an enum that is deprecated or disallowed. */
export function checkEnumDeprecation({ report, version }: Reading, value: DescEnumValue, spot: Spot): void {
  if (!value.deprecated) return;
  const hint = replacementOf(`${value.parent.typeName}.${value.name}`);
  const isRefused =
    hasOption(value, disallowed_by_default_enum) && getOption(value, disallowed_by_default_enum);
  if (isRefused)
    report("disallowed", spot, `${value.name} is disallowed in Envoy ${version}, which refuses it`, hint);
  else report("deprecated", spot, `${value.name} is deprecated`, hint);
}
