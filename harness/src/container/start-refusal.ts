import { HarnessError } from "../errors.ts";
import type { Plugin } from "../backend.ts";
import { lastLines } from "../envoy/supervised-envoy.ts";
import { refusal } from "../envoy/refusal.ts";
import type { ContainerOutput } from "./container-output.ts";

/** A container that did not start. */
export interface FailedStart {
  readonly image: string;
  readonly plugins: readonly Plugin[];
  readonly output: ContainerOutput;
}

/** What testcontainers says when its wait is over; it has ended Envoy itself by then. */
const waitIsOver = /^URL \S+ not accessible after (\d+)ms/;

/** Whether testcontainers gave up because Envoy had ended by itself. */
export function isExit(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.startsWith("Container exited");
}

/** Why a container did not start: what Envoy said, the cause first, where it is Envoy that ended. */
export function startRefusal(thrown: unknown, { image, plugins, output }: FailedStart): HarnessError {
  if (thrown instanceof HarnessError) return thrown;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const [, ms] = waitIsOver.exec(said) ?? [];
  if (ms !== undefined) return notReady(ms, output);
  if (output.exitCode !== null && !isEngines(thrown)) {
    return refusal(output.log, output.exitCode, { plugins, port: 0 });
  }
  const [, meaning] = diagnoses.find(([pattern]) => pattern.test(said)) ?? [];
  return new HarnessError(
    meaning?.code ?? "internal",
    `a container of ${image} was not started: ${said.trim()}${meaning === undefined ? "" : `. ${meaning.remedy}`}`,
    { cause: thrown },
  );
}

/** Whether it is the engine that refused: it says then that a container which never ran has ended, too. */
function isEngines(thrown: unknown): boolean {
  const { statusCode } = thrown as { statusCode?: number };
  return statusCode !== undefined && statusCode !== 404; // that one is gone, because it ended early
}

interface Meaning {
  readonly code: HarnessError["code"];
  readonly remedy: string;
}

const diagnoses: ReadonlyArray<readonly [pattern: RegExp, meaning: Meaning]> = [
  [
    /port is already allocated|address already in use/,
    { code: "port_in_use", remedy: "End the program that listens there, or leave the port to the engine." },
  ],
  [
    /executable file not found|no such file or directory/,
    { code: "invalid_input", remedy: "Name an image that has Envoy as /usr/local/bin/envoy." },
  ],
];

function notReady(ms: string, { log }: ContainerOutput): HarnessError {
  return new HarnessError(
    "timeout",
    `Envoy's admin interface did not answer that it is ready, and was given ${ms} ms\n${lastLines(log)}`,
  );
}
