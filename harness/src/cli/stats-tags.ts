import { stringify } from "yaml";
import { parseArguments } from "./arguments.ts";
import { loadModule } from "../module/load.ts";
import { statsTags } from "../stats-tags.ts";

/** `proxy-wasm stats-tags FILE [LABEL…]`: what a bootstrap's `stats_config` needs for the module's labels and these. */
export async function statsTagsCommand(args: readonly string[]): Promise<number> {
  const { positionals } = parseArguments("stats-tags", args, {}, { atLeast: 1 });
  const [file = "", ...labels] = positionals;
  const { manifest } = await loadModule(file);
  const tags = statsTags([...manifest.labels, ...labels]);
  console.log(stringify({ stats_config: { stats_tags: tags } }, { lineWidth: 0 }).trimEnd());
  return 0;
}
