import type { LoadedModule } from "../../admin/loaded-module.ts";
import type { ProxyModule } from "../../module/load.ts";
import { judge, listed, type Judgement } from "./judgement.ts";

export function toRunModule(
  loaded: readonly LoadedModule[],
  wanted: Pick<ProxyModule, "sha256"> & Partial<ProxyModule>,
): Judgement {
  const pass = loaded.some(({ sha256 }) => sha256 === wanted.sha256);
  const lines = loaded.map(
    ({ plugin, source, sha256 }) => `${sha256} plugin "${plugin}" from ${source || "its configuration"}`,
  );
  const name = [wanted.name, wanted.sha256].filter((part) => part !== undefined).join(" ");
  return judge(pass, `Envoy to run the module ${name}`, () => {
    const isReplaced = !pass && loaded.some(({ source }) => source === wanted.path);
    const hint = isReplaced ? "\nThe file has changed since the proxy was given it." : "";
    return `it runs\n${listed(lines, "none")}${hint}`;
  });
}
