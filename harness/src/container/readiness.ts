import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import type { BoundPorts, WaitStrategy } from "testcontainers";
import { askAdmin } from "./ask-admin.ts";
import type { Container, ContainerOutput } from "./container-output.ts";
import { urlOn } from "./engine-address.ts";
import { requireEngine } from "./engine.ts";
import { adminPort } from "./started-envoy-container.ts";

const pollMs = 50;
const answerMs = 1000;
const tail = 12;

/**
 * Waits until Envoy's admin interface says that Envoy serves. It is asked as soon as Envoy has logged that its workers
 * start, and every 50 ms, for there are log levels that keep this line back.
 */
export class EnvoyReadiness implements WaitStrategy {
  private readonly outputOf: (containerId: string) => ContainerOutput | null;
  private timeoutMs = 60_000;
  private isTimeoutSet = false;

  /** `outputOf` gives null for a container that was there already, and of which nothing is read yet. */
  constructor(outputOf: (containerId: string) => ContainerOutput | null) {
    this.outputOf = outputOf;
  }

  /** Refused in testcontainers' own words when Envoy has ended and when the time is over. */
  async waitUntilReady(container: Container, ports: BoundPorts, restartedAt?: Date): Promise<void> {
    const { info } = await requireEngine();
    const adminUrl = urlOn(info.containerRuntime.host, ports.getBinding(adminPort));
    const output = restartedAt === undefined ? this.outputOf(container.id) : null; // it ends with the first run
    const over = new AbortController();
    const serves = (): Promise<boolean> => isReady(adminUrl, over.signal);
    try {
      const served =
        output === null ? polled(container, serves, over.signal) : heard(output, serves, over.signal);
      await Promise.race([served, this.late(over.signal)]);
    } finally {
      over.abort();
    }
  }

  withStartupTimeout(timeoutMs: number): this {
    this.timeoutMs = timeoutMs;
    this.isTimeoutSet = true;
    return this;
  }

  isStartupTimeoutSet(): boolean {
    return this.isTimeoutSet;
  }

  getStartupTimeout(): number {
    return this.timeoutMs;
  }

  private async late(signal: AbortSignal): Promise<never> {
    await setTimeout(this.timeoutMs, undefined, { signal });
    throw new Error(`URL /ready not accessible after ${this.timeoutMs}ms`);
  }
}

type Question = () => Promise<boolean>;

/** Nothing but the engine says here that Envoy has ended. */
function polled(container: Container, serves: Question, over: AbortSignal): Promise<void> {
  const ask = async (): Promise<boolean> => {
    if (await serves()) return true;
    const { State } = await container.inspect();
    if (State.Status === "exited") throw ended(`, its last lines:\n${await lastLines(container)}`);
    return false;
  };
  return answeredYes(ask, Promise.resolve(), over);
}

async function heard({ log, exited }: ContainerOutput, serves: Question, over: AbortSignal): Promise<void> {
  const end = exited.then(() => {
    throw ended();
  });
  await Promise.race([answeredYes(serves, log.ready.reached(1), over), end]);
}

/** Resolves when a question is answered with yes that is asked at a hint, and every 50 ms until it is over. */
function answeredYes(question: Question, hint: Promise<unknown>, over: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const ask = async (): Promise<void> => {
      if (!over.aborted && (await question())) resolve();
    };
    const polls = setInterval(() => void ask().catch(reject), pollMs);
    over.addEventListener("abort", () => clearInterval(polls));
    hint.then(ask).catch(reject);
  });
}

async function isReady(adminUrl: string, over: AbortSignal): Promise<boolean> {
  const signal = AbortSignal.any([over, AbortSignal.timeout(answerMs)]);
  const said = await askAdmin(adminUrl, "/ready", signal).catch(() => null); // nobody listens yet
  return said === "LIVE\n";
}

async function lastLines(container: Container): Promise<string> {
  const { container: containers } = await requireEngine();
  const lines = await containers.logs(container, { tail });
  return (await text(lines)).trim();
}

/** By its first words `startRefusal` knows it, which has read what Envoy said. */
function ended(what = ""): Error {
  return new Error(`Container exited before Envoy served${what}`);
}
