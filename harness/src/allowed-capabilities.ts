import { HarnessError } from "./errors.ts";
import { envImports, guestExports, wasiImports } from "./module/abi.ts";
import { nearest } from "./nearest.ts";

const known: ReadonlySet<string> = new Set(
  [...Object.values(envImports), wasiImports, guestExports].flatMap((names) => Object.keys(names)),
);

/** Host calls and callbacks by their names. Refused with `invalid_input` for one that no ABI has: Envoy takes it in silence. */
export function capabilitiesOf(names: readonly string[] = []): readonly string[] {
  for (const name of names) if (!known.has(name)) throw unknownCapability(name);
  return names;
}

function unknownCapability(name: string): HarnessError {
  const close = nearest(name, known);
  const hint =
    close === null
      ? "names are those of the ABI, as proxy_log, proxy_on_request_headers or WASI's fd_write"
      : `did you mean "${close}"?`;
  return new HarnessError(
    "invalid_input",
    `allowedCapabilities: there is no host call and no callback "${name}": ${hint}`,
  );
}
