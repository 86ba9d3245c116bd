/** Whether everything is to run, however long it takes. */
export const isCi = process.env["CI"] === "true";

/** Skips, visibly, what takes too long for each run; with `CI=true` it runs. */
export function requiresCi(skip: (note: string) => void): void {
  if (!isCi) skip("it takes long, and runs with CI=true");
}
