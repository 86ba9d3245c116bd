import { getOption, hasOption, type DescEnumValue, type DescField } from "@bufbuild/protobuf";
import {
  disallowed_by_default,
  disallowed_by_default_enum,
} from "../../../api/envoy/annotations/deprecation_pb.js";
import { envoyApi, knownApiVersions } from "../../envoy-api/descriptors.ts";
import type { Spot } from "../finding.ts";
import { outlook, type Standing } from "./deprecation-outlook.ts";
import { fieldOf } from "./field-names.ts";
import { replacementOf } from "./replacements.ts";
import type { Reading } from "./reader.ts";

/** Reports a field that is deprecated, or disallowed, with what replaces it. */
export function checkDeprecation({ report, version }: Reading, field: DescField, spot: Spot): void {
  if (!field.deprecated) return;
  const fullName = `${field.parent.typeName}.${field.name}`;
  const hint = replacementOf(fullName);
  if (standingOf(field) === "disallowed") {
    const key = `envoy.deprecated_features:${fullName}`;
    const message = `${field.name} is disallowed in Envoy ${version}, which refuses it unless its runtime has "${key}": true`;
    report("disallowed", spot, message, hint);
  } else {
    const standings = standingsBy((api) => {
      const desc = api.getMessage(field.parent.typeName);
      return desc === undefined ? null : fieldOf(desc, field.name);
    });
    report("deprecated", spot, `${field.name} is deprecated ${outlook(standings, version)}`, hint);
  }
}

/** Reports a value of an enum that is deprecated or disallowed. */
export function checkEnumDeprecation({ report, version }: Reading, value: DescEnumValue, spot: Spot): void {
  if (!value.deprecated) return;
  const { typeName } = value.parent;
  const hint = replacementOf(`${typeName}.${value.name}`);
  if (standingOf(value) === "disallowed")
    report("disallowed", spot, `${value.name} is disallowed in Envoy ${version}, which refuses it`, hint);
  else {
    const standings = standingsBy(
      (api) => api.getEnum(typeName)?.values.find(({ name }) => name === value.name) ?? null,
    );
    report("deprecated", spot, `${value.name} is deprecated ${outlook(standings, version)}`, hint);
  }
}

type Find = (api: ReturnType<typeof envoyApi>) => DescField | DescEnumValue | null;

function standingsBy(find: Find): ReadonlyMap<string, Standing> {
  return new Map(knownApiVersions().map((version) => [version, standingOf(find(envoyApi(version)))]));
}

function standingOf(desc: DescField | DescEnumValue | null): Standing {
  if (desc === null) return "absent";
  if (!desc.deprecated) return "sound";
  const isDisallowed =
    desc.kind === "field"
      ? hasOption(desc, disallowed_by_default) && getOption(desc, disallowed_by_default)
      : hasOption(desc, disallowed_by_default_enum) && getOption(desc, disallowed_by_default_enum);
  return isDisallowed ? "disallowed" : "deprecated";
}
