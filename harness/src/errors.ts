/**
 * The closed list of what can go wrong, in two sets: what the person at the keyboard can mend, and what
 * the harness or the proxy did.
 */
export const userErrors = [
  "configuration_refused", // the filter or Envoy refused a plugin's configuration
  "filter_trapped", // a callback of the filter ended in a Wasm trap
  "invalid_input", // an option, argument or file whose content is wrong
  "module_refused", // a file is Wasm, but not a sound proxy-wasm module
  "not_found", // a file, a filter or a module that is named but not there
  "not_settled", // stats, logs or calls were read while streams were still open
  "package_not_installed", // an optional package that what was asked for needs
  "port_in_use", // a fixed port that somebody else holds
  "stream_stuck", // a stream is paused and nothing is left that could resume it
  "unimplemented", // a host call that this backend does not have
  "unsupported", // the machine or the backend cannot do what was asked for
] as const;

export const harnessErrors = [
  "container_engine_not_available", // nothing answers where a container engine was looked for
  "envoy_exited", // Envoy ended by itself
  "envoy_not_available", // no Envoy on this machine, and none could be fetched
  "image_not_available", // an image that is not on the container engine, and could not be pulled
  "http3_not_available", // no HTTP/3 client on this machine, and none could be fetched
  "tls_refused", // a TLS handshake failed, at either end
  "timeout", // a bound was reached; the message says what was waited for and how far it got
  "internal", // everything else
] as const;

/**
 * The code of a `HarnessError`: one of `userErrors` or `harnessErrors`.
 *
 * @category Envoy and errors
 */
export type HarnessErrorCode = (typeof userErrors)[number] | (typeof harnessErrors)[number];

/**
 * Every error that the harness throws. `message` says what happened first, then what was seen, then what to do;
 * `cause` keeps the error underneath.
 *
 * @category Envoy and errors
 */
export class HarnessError extends Error {
  /** Always `HarnessError`. */
  override readonly name = "HarnessError";
  /** What went wrong, for programs; the message says it to people. */
  readonly code: HarnessErrorCode;

  constructor(code: HarnessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Anything that was thrown, as a HarnessError; one that is already is returned as it is. */
  static from(thrown: unknown): HarnessError {
    if (thrown instanceof HarnessError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new HarnessError("internal", message, { cause: thrown });
  }

  /** Whether the person who runs the command can mend it: exit code 2 rather than 1 on the command line. */
  get isUsers(): boolean {
    return (userErrors as readonly string[]).includes(this.code);
  }
}
