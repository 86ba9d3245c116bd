import { buildLocalImage } from "../container/local-image.ts";
import { parseArguments } from "./arguments.ts";

/** `proxy-wasm build-image`: an image of Envoy for the containers of this machine, where none can be pulled. */
export async function buildImageCommand(args: readonly string[]): Promise<number> {
  const options = { version: { type: "string" }, tag: { type: "string" } } as const;
  const { values } = parseArguments("build-image", args, options, { atMost: 0 });
  const tag = await buildLocalImage({ ...values, progress: (line) => console.log(line) });
  console.log(`${tag} is on the container engine`);
  return 0;
}
