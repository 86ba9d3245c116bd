import { Bytes, JsonArray, JsonObject } from "as-proxy-wasm";
import { readPart } from "../keys/key-reader";
import { DescriptorTemplate, EntryTemplate } from "./descriptor-template";
import { LimitOverride } from "./limit-override";
import { LimitService } from "./limit-service";

const UNITS = ["second", "minute", "hour", "day", "month", "year"];

const MOST_DESCRIPTORS = 16;
const MOST_ENTRIES = 8;
const MOST_TIMEOUT_MS: i64 = 60_000;
const DEFAULT_TIMEOUT_MS: i64 = 20;
const MOST_HITS: i64 = 1_000_000_000;
const MOST_REQUESTS: i64 = 4_294_967_295;

/** Reads which service is asked, and for what. */
export function readService(json: JsonObject): LimitService {
  return new LimitService(
    readName(json, "cluster"),
    readName(json, "domain"),
    readDescriptors(json.array("descriptors")),
    <u32>json.integerOr("hits_addend", 1, MOST_HITS, 1),
    <u32>json.integerOr("timeout_ms", 1, MOST_TIMEOUT_MS, DEFAULT_TIMEOUT_MS),
  );
}

function readDescriptors(json: JsonArray): DescriptorTemplate[] {
  if (json.length == 0) json.refuse("must not be empty");
  if (json.length > MOST_DESCRIPTORS) json.refuse("must have at most 16 elements");
  const descriptors: DescriptorTemplate[] = [];
  for (let i = 0; i < min(json.length, MOST_DESCRIPTORS); i++)
    descriptors.push(readDescriptor(json.object(i)));
  return descriptors;
}

function readDescriptor(json: JsonObject): DescriptorTemplate {
  const entries = readEntries(json.array("entries"));
  const limit: LimitOverride | null = json.has("limit") ? readOverride(json.object("limit")) : null;
  return new DescriptorTemplate(entries, limit, json.integerOr("hits_addend", 0, MOST_HITS, -1));
}

function readEntries(json: JsonArray): EntryTemplate[] {
  if (json.length == 0) json.refuse("must not be empty");
  if (json.length > MOST_ENTRIES) json.refuse("must have at most 8 elements");
  const entries: EntryTemplate[] = [];
  for (let i = 0; i < min(json.length, MOST_ENTRIES); i++) {
    const entry = json.object(i);
    entries.push(new EntryTemplate(readName(entry, "key"), readPart(entry.object("value"))));
  }
  return entries;
}

function readOverride(json: JsonObject): LimitOverride {
  const requests = <u32>json.integer("requests_per_unit", 0, MOST_REQUESTS);
  return new LimitOverride(requests, json.oneOf("unit", UNITS) + 1);
}

function readName(json: JsonObject, key: string): Bytes {
  const name = json.bytes(key);
  if (name.length == 0) json.refuse(key, "must not be empty");
  return name;
}
