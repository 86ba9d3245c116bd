import { upstreamAddress } from "./engine-address.ts";
import { requireContainers } from "./requirements.ts";

const answers = new Map<string, Promise<string | null>>();

/** Why no test can run in a container of an image, in one line, or null when tests can; asked once in a process. */
export function missingFor(image: string): Promise<string | null> {
  const known = answers.get(image);
  if (known !== undefined) return known;
  const answer = requireContainers(image)
    .then(upstreamAddress)
    .then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  answers.set(image, answer);
  return answer;
}
