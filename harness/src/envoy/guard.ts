/** The exit code when Envoy's folder could not be written. */
export const unwritable = 125;

/**
 * The POSIX shell program that stands between this process and Envoy, so that Envoy cannot outlive it: not even
 * SIGKILL can be caught here, but the kernel closes our end of the lifeline (file descriptor 3) in every case.
 *
 *   sh -c SCRIPT NAME FOLDER ENVOY ARGUMENTS…    stdin: Envoy's configuration, kept as FOLDER/envoy.json
 *
 * Only the guard makes the folder, so no moment exists at which a folder has no owner. A configuration that was cut
 * short starts an Envoy that refuses it, or that the watcher ends at once, for the lifeline is closed by then.
 * Bash says on stderr that a job was killed; once nobody reads that, SIGPIPE would end the guard before `rm`.
 */
const script = `
folder=$1
shift
trap '' PIPE
mkdir -m 700 "$folder" || exit ${unwritable}
cat >"$folder/envoy.json" || { rm -rf "$folder"; exit ${unwritable}; }
"$@" 3<&- &
envoy=$!
{ read -r _ <&3; kill -KILL "$envoy"; } >/dev/null 2>&1 &
watcher=$!
trap 'kill -KILL "$envoy"' HUP INT TERM
wait "$envoy"
status=$?
trap '' HUP INT TERM
kill "$watcher" 2>/dev/null
rm -rf "$folder"
exit "$status"
`;

/** The arguments of `sh` that run a command under the guard, in a folder that it makes and removes. */
export function guarded(folder: string, command: readonly string[]): string[] {
  return ["-c", script, "proxy-wasm-guard", folder, ...command];
}
