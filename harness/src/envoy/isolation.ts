import type { EnvoySettings, Plugin } from "../backend.ts";

const anyMark = /~\d+/;

/**
 * What keeps the users of one Envoy apart: a mark on whatever Envoy would otherwise carry over from one to the next,
 * the vm_ids, which shared data and queues belong to, and the names of stats. Nobody sees it.
 */
export class Isolation {
  /** Of an Envoy that has one user alone. */
  static readonly none = new Isolation("", false);
  private static count = 0;
  /** Stands behind names. */
  readonly mark: string;

  /** Whether no plugin of another user runs in its VMs. */
  readonly hasOwnVms: boolean;

  private constructor(mark: string, hasOwnVms: boolean) {
    this.mark = mark;
    this.hasOwnVms = hasOwnVms;
  }

  /** Apart from every other, but for the VMs where these are to be shared. */
  static next({ sharedVms = false }: Pick<EnvoySettings, "sharedVms">): Isolation {
    return new Isolation(`~${++Isolation.count}`, !sharedVms);
  }

  /** The plugins in VMs of their own; one that names its vm_id keeps it. */
  plugins<P extends Plugin>(plugins: readonly P[]): P[] {
    return plugins.map((plugin) => this.plugin(plugin));
  }

  /** One of them. */
  plugin<P extends Plugin>(plugin: P): P {
    return this.hasOwnVms && plugin.vmId === "" ? { ...plugin, vmId: this.mark } : plugin;
  }

  /** As which a tracer introduces itself. */
  get service(): string {
    return `proxy${this.mark}`;
  }

  /** A text of Envoy's without the mark. */
  unmark(text: string): string {
    return this.mark === "" ? text : text.replaceAll(new RegExp(` ?${this.mark}(?!\\d)`, "g"), "");
  }

  /** What has such names of stats, without the marks and without what belongs to others. */
  stats<T>(entries: ReadonlyMap<string, T>): Map<string, T> {
    if (this.mark === "") return new Map(entries);
    const own = new Map<string, T>();
    for (const [name, value] of entries) {
      const unmarked = name.includes("~") ? name.replace(`${this.mark}.`, ".") : name; // most names have none
      if (!anyMark.test(unmarked)) own.set(unmarked, value);
    }
    return own;
  }
}

/** The mark at the end of a name, or null. */
export function markOf(name: string): string | null {
  return /~\d+$/.exec(name)?.[0] ?? null;
}

/** The source of a log line, or any other text, without marks. */
export function unmarked(text: string): string {
  return text.replaceAll(/ ?~\d+/g, "");
}
