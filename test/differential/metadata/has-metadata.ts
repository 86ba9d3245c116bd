import type { StreamScenario } from "../play.ts";

/** Whether a scenario has frames that HTTP/1.1 has not. */
export function hasMetadata({ request, response = {} }: StreamScenario): boolean {
  return request.metadata !== undefined || ("metadata" in response && response.metadata !== undefined);
}
