import { types, type Check, type Configuration } from "../configuration.ts";
import type { Message } from "../structure/message.ts";
import { knownModule, pluginCodes } from "./wasm-modules.ts";

/** A stream that a filter pauses and never resumes ends only by one of these bounds. */
export const streamsAreBounded: Check = (configuration, report) => {
  const pausing = pausingPlugins(configuration);
  for (const manager of configuration.all(types.manager)) {
    if (isBounded(manager)) continue;
    const plugin = pausing.find((one) => one.within(types.manager) === manager);
    const isUnlimited = manager.number("stream_idle_timeout") === 0;
    if (plugin === undefined && !isUnlimited) continue;
    report(
      "unbounded-stream",
      manager.at("stream_idle_timeout"),
      plugin === undefined
        ? "streams have no bound: one that waits for something lost is kept for ever"
        : `the filter ${nameOf(plugin)} can pause streams, and one that it never resumes is kept ${isUnlimited ? "for ever" : "for 5 minutes"}`,
      "common_http_protocol_options: { max_stream_duration: 60s }, or stream_idle_timeout: 30s",
    );
  }
};

function nameOf(plugin: Message): string {
  return plugin.text("name") ?? plugin.parent?.parent?.text("name") ?? "of a Wasm module";
}

function isBounded(manager: Message): boolean {
  const common = manager.message("common_http_protocol_options");
  const bounds = [
    manager.number("stream_idle_timeout"),
    manager.number("request_timeout"),
    common?.number("max_stream_duration") ?? null,
  ];
  return bounds.some((seconds) => seconds !== null && seconds > 0);
}

/** A module that can resume a stream has paused it. */
function pausingPlugins(configuration: Configuration): Message[] {
  return pluginCodes(configuration)
    .filter((code) => {
      const bytes = code.bytes();
      const module = bytes === null ? null : knownModule(code.identity, bytes);
      return module?.imports.includes("proxy_continue_stream") === true;
    })
    .map(({ plugin }) => plugin);
}
