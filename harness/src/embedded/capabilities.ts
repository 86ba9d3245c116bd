/** The ABI's callbacks; a module's own start is none, nor is its allocator. */
const callback = /^proxy_(on_(?!memory_)|validate_)|^envoy_on_/;

/** The host calls and callbacks that a plugin has, as `PluginConfig.capability_restriction_config` says it. */
export class Capabilities {
  private readonly names: ReadonlySet<string>;

  /** None, as in Envoy, restrict nothing. */
  constructor(names: readonly string[] = []) {
    this.names = new Set(names);
  }

  /** Whether a plugin may make a host call, or be made a callback. */
  allow(name: string): boolean {
    return this.names.size === 0 || this.names.has(name);
  }

  /** Of a module's functions those that the host may call. */
  callable<T>(functions: Readonly<Record<string, T>>): Record<string, T> {
    return Object.fromEntries(
      Object.entries(functions).filter(([name]) => !callback.test(name) || this.allow(name)),
    );
  }
}
