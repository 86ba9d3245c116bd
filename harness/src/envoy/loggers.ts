import type { LogLevel } from "../observation.ts";
import type { Admin } from "./admin.ts";
import { envoyLevel } from "./flags.ts";

/** Levels of Envoy's loggers, by their names. */
export type LogLevels = Readonly<Record<string, LogLevel>>;

const firstLevel: LogLevel = "info";

/** The loggers of an Envoy. */
export class Loggers {
  private readonly admin: Admin;
  /** Of those that are not at their first level. */
  private levels: LogLevels;

  constructor(admin: Admin, levels: LogLevels) {
    this.admin = admin;
    this.levels = levels;
  }

  /** Sets the levels of these, and all others to their first. Refused with `invalid_input` for an unknown one. */
  async set(levels: LogLevels): Promise<void> {
    const before = Object.fromEntries(Object.keys(this.levels).map((name) => [name, firstLevel]));
    const wanted = Object.entries({ ...before, ...levels });
    const changed = wanted.filter(([name, level]) => level !== (this.levels[name] ?? firstLevel));
    for (const [name, level] of changed) {
      await this.admin.setLevel(name, envoyLevel(level));
      this.levels = { ...this.levels, [name]: level };
    }
  }
}
