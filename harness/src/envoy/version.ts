import { HarnessError } from "../errors.ts";
import { defaultVersion, knownVersions } from "./wheels.ts";

/** An Envoy that is asked for. */
export interface WantedVersion {
  /** A whole version, `1.38.2`, or any of a minor, `1.38`. */
  readonly version: string;
  /** For messages. */
  readonly askedBy: string;
}

/** What is looked for; the environment is asked when nothing else says it. */
interface Asked {
  readonly version?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The version that is asked for, or null when any will do. Refused with `invalid_input` is what is no version. */
export function wantedVersion({ version, environment = process.env }: Asked): WantedVersion | null {
  if (version !== undefined) return wanted(version, "by the option `version`");
  const fromEnvironment = environment["ENVOY_VERSION"];
  if (fromEnvironment === undefined || fromEnvironment === "") return null;
  return wanted(fromEnvironment, "by ENVOY_VERSION");
}

function wanted(version: string, askedBy: string): WantedVersion {
  if (/^\d+\.\d+(\.\d+)?$/.test(version)) return { version, askedBy };
  throw new HarnessError(
    "invalid_input",
    `"${version}", asked for ${askedBy}, is no version of Envoy: write one as ${defaultVersion}, or a minor as ${minorOf(defaultVersion)}`,
  );
}

/** Whether an Envoy is the one that is asked for; any is when none is. */
export function isWanted(version: string, wanted: WantedVersion | null): boolean {
  return wanted === null || isOf(version, wanted.version);
}

/** The one to fetch for a version or a minor, or null when no digest is known for any such. */
export function fetchable(asked: string): string | null {
  return knownVersions.find((version) => isOf(version, asked)) ?? null;
}

/** Whether a version is of a minor such as `1.38`, or of a later one. */
export function isAtLeast(version: string, minor: string): boolean {
  const [major = 0, second = 0] = numbersOf(version);
  const [leastMajor = 0, leastSecond = 0] = numbersOf(minor);
  return major > leastMajor || (major === leastMajor && second >= leastSecond);
}

/** `1.38` of `1.38.2`. */
export function minorOf(version: string): string {
  return numbersOf(version).slice(0, 2).join(".");
}

function isOf(version: string, asked: string): boolean {
  return version === asked || version.startsWith(`${asked}.`);
}

function numbersOf(version: string): number[] {
  return version.split(".").map((part) => Number.parseInt(part, 10));
}
