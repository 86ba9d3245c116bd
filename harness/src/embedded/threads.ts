import type { HostFunctions } from "./chapter.ts";

/** What modules of Emscripten import beside the ABI, with one thread. */
export function threads(): HostFunctions {
  return {
    pthread_equal: (left: number, right: number): number => Number(left === right),
    emscripten_notify_memory_growth: (): number => 0, // of its type the answer is nothing
  };
}
