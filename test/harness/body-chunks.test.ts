import { BodyChunks, startProxy, Upstream, type BodyChunksOptions } from "proxy-wasm-harness";
import { expect, test } from "vitest";
import { guest } from "../guests/guest.ts";

test.for([
  [["", "ab", "", "c"], false, ["0", "2", "0", "1, the end"]],
  [["ab", "c"], true, ["2", "1", "0, the end"]],
  [["", ""], true, ["0", "0", "0, the end"]],
] as const)(
  "the chunks %o, whose end comes alone: %s, are shown to filters as they are",
  async ([chunks, endsAlone, seen]) => {
    const upstream = new Upstream();
    const look = { mode: "look", do: "nothing" };
    const chain = [{ filter: guest("edits-bodies"), configuration: { request: look, response: look } }];
    await using proxy = await startProxy({ upstream, chain });
    upstream.respond({ body: new BodyChunks(chunks, { endsAlone }) });

    const { body } = await proxy.post("/", new BodyChunks(chunks, { endsAlone }));
    await proxy.settled();

    const shown = (what: string) =>
      proxy.logs.flatMap(({ message }) =>
        message.startsWith(`${what} of `) ? [message.slice(what.length + 4)] : [],
      );
    expect(shown("request")).toEqual(seen);
    expect(shown("response")).toEqual(seen);
    expect([body, upstream.requests[0]?.body].map((bytes) => Buffer.from(bytes ?? []).toString())).toEqual([chunks.join(""), chunks.join("")]); // prettier-ignore
  },
);

test("a cut that is not in the body is refused", () => {
  for (const cut of [-1, 4, 1.5])
    expect(() => BodyChunks.cut("abc", [cut])).toThrow(/is not one of 0 to 3, the body's length/);
});

test("an option that there is not is refused with the nearest one", () => {
  const mistyped = { endAlone: false } as BodyChunksOptions;

  for (const make of [() => new BodyChunks(["abc"], mistyped), () => BodyChunks.cut("abc", [1], mistyped)])
    expect(make).toThrow('BodyChunks: unknown option "endAlone": did you mean "endsAlone"?');
});
