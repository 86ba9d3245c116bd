// Whether the tests in containers take part in `npm test`.

/**
 * What `npm test` gives to vitest, and the line that says what is left out: on a machine where no container can be started
 * `reason` says why, and the project `container` is out unless it is asked for by name. With `CI=true` nothing is, and its
 * tests fail.
 */
export function withContainers(args, reason, environment = process.env) {
  const isChosen = args.some((arg) => /^(--project(=|$)|container$)/.test(arg));
  if (reason === null || isChosen || environment.CI === "true") return { args, line: null };
  return { args: [...args, "--project=!container"], line: `the tests in containers are left out: ${reason}` };
}

/** Why no container can be started here, in one line; null when one can. The harness has to be built. */
export async function missingContainers() {
  const { requireContainers } = await import("../harness/dist/container/requirements.js");
  return requireContainers().then(
    () => null,
    (error) => error.message,
  );
}
