import { HarnessError, startProxy, type PluginOptions } from "proxy-wasm-harness";
import { chainTest, expect } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { isCi } from "../harness/requires-ci.ts";
import { backend, inProject, test } from "../project.ts";

const all = ["FAIL_OPEN", "FAIL_CLOSED", "FAIL_RELOAD"] as const;
const policies = backend === "embedded" || isCi ? all : all.slice(0, 1);

/** What is said of plugins that are refused one after the other, when there has been a trap. */
const reasons = [
  ["raw/refuses-in-silence", /refused its configuration[,:](?!.*(rules|trapped))/],
  ["raw/refuses-configuration", /refused its configuration: the key "rules" is missing/],
  ["raw/traps-in-configure", /trapped in proxy_on_configure: unreachable/],
  ["raw/refuses-in-silence", /refused its configuration[,:](?!.*(rules|trapped))/],
] as const;

test("a refusal has its own reason, and none of those before", async ({ envoys }) => {
  const chain = [{ filter: guest("raw/obeys") }];
  await using proxy = await startProxy({ ...inProject(envoys), allowTraps: true, chain });
  await proxy.get("/", { headers: { "x-do": "h" } });

  for (const [name, reason] of reasons) {
    const refused = proxy.update({ chain: [{ filter: guest(name) }] });

    const message = await refused.then(() => "", String);
    expect(message.slice(0, message.indexOf("\nEnvoy's last log lines") >>> 0)).toMatch(reason);
    expect(message).toMatch(new RegExp(`^HarnessError: plugin "${name.slice(4)}" `));
  }
});

/** What is wrong with a plugin, whichever its failure policy. */
const wrong = [
  ["refuses its configuration", "raw/refuses-in-silence"],
  ["traps when it is configured", "raw/traps-in-configure"],
  ["imports what is not there", "raw/imports-what-is-not-there"],
] as const;

describe.for(policies)("%s", (failurePolicy) => {
  test.for(wrong)("a plugin that %s does not start", async ([, name], { envoys }) => {
    const chain = [{ filter: guest(name), failurePolicy }];
    const started = startProxy({ ...inProject(envoys), chain, uncheckedModules: true });

    await expect(started).rejects.toMatchObject({ code: "configuration_refused" });
  });

  const plugin = (options: Partial<PluginOptions>): PluginOptions => ({
    ...{ filter: guest("traps-when-asked"), failurePolicy, ...options },
  });
  const updated = chainTest([plugin({ configuration: { name: "old" } })], { allowTraps: true });

  /** In the VM of the old one, and in others. */
  const updates: Array<[what: string, update: PluginOptions]> = [
    ["refused in the same VM", plugin({ configuration: { nmae: "new" } })],
    ["trapped on in the same VM", plugin({ configuration: { name: "traps" } })],
    ["trapped on in another one", { filter: guest("raw/traps-in-configure") }],
  ];

  for (const [what, update] of updates)
    updated(`a configuration that is ${what} changes nothing, and the next one does`, async ({ proxy }) => {
      const seen = async (): Promise<Array<string | null>> => {
        const { headers } = await proxy.get("/");
        return [headers.get("x-name"), headers.get("x-in-vm"), headers.get("x-in-all")];
      };
      expect(await seen()).toEqual(["old", "1", "1"]);
      await expect(proxy.update({ chain: [update] })).rejects.toMatchObject({
        code: "configuration_refused",
      });
      expect(await seen()).toEqual(["old", "2", "2"]);

      await proxy.update({ chain: [plugin({ configuration: { name: "new" } })] });
      expect(await seen()).toEqual(["new", "3", "3"]);
    });

  updated("a configuration that was refused is not tried again", async ({ proxy }) => {
    const [, trapped] = updates[1] ?? expect.unreachable();
    for (let i = 0; i < 2; i++)
      await expect(proxy.update({ chain: [trapped] })).rejects.toMatchObject({
        code: "configuration_refused",
      });
    await proxy.settled();

    expect(proxy.traps).toMatchObject([{ callback: "proxy_on_configure" }]);
  });

  updated("a refusal is told by its own cause, and not by what trapped before", async ({ proxy }) => {
    expect(await proxy.get("/", { headers: { "x-trap": "request_headers" } })).toHaveStatus(503);

    const refused = await proxy
      .update({ chain: [plugin({ configuration: { nmae: "new" } })] })
      .catch(HarnessError.from);
    expect(refused).toMatchObject({
      code: "configuration_refused",
      message: expect.stringContaining("nmae") as unknown,
    });
    expect(String(refused)).not.toContain("trapped");
  });

  updated("a VM that has trapped is replaced by any other configuration", async ({ proxy }) => {
    await proxy.get("/");
    expect(await proxy.get("/", { headers: { "x-trap": "request_headers" } })).toHaveStatus(503);
    await proxy.update({ chain: [plugin({ configuration: { name: "new" } })] });

    const { status, headers } = await proxy.get("/");
    const names = ["x-name", "x-in-vm", "x-in-all"];
    expect([status, ...names.map((name) => headers.get(name))]).toEqual([200, "new", "1", "3"]);
  });
});
