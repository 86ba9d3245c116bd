import type { Plugin } from "../backend.ts";

/** Plugins with equal ones share VMs. */
export function vmKeyOf({ vmId, vmConfiguration, module }: Plugin): string {
  return JSON.stringify([vmId, latin1(vmConfiguration), module.sha256]);
}

/** Plugins with equal ones are the same, to all VMs that they share: one context, configured once. */
export function pluginKeyOf(plugin: Plugin): string {
  const { name, rootId, configuration } = plugin;
  return JSON.stringify([vmKeyOf(plugin), name, rootId, latin1(configuration)]);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
