import { describe, expect, test } from "vitest";
import { Lab } from "./lab.ts";
import { Drive } from "./told/drive.ts";
import type { Step } from "./told/steps.ts";
import { type Act, type Event, type Message, type Session, sessionOf } from "./told/session.ts";

const lab = new Lab();

const act = (...steps: Step[]): Act => ({ isToPause: false, steps });
const step = (op: string, ...operands: Step["operands"][number][]): Step => ({ op, operands });
const none = { list: [] };
const plain: Message = {
  ...{ headers: [], chunks: [], trailers: null },
  ...{ onHeaders: act(), onBody: [act()], onWhole: act(), onTrailers: act(), onMetadata: null },
};

function session(
  request: Partial<Message>,
  response: Partial<Message> = {},
  events: readonly Event[] = [],
): Session {
  const messages = { request: { ...plain, ...request }, response: { ...plain, ...response } };
  return {
    ...sessionOf([]),
    streams: [{ ...messages, onLog: act(), onDone: act(), events, others: 0 }],
  };
}

describe("what the campaign found stays mended:", () => {
  test("a stream that is answered while its whole body is shown late does not go on", async () => {
    const hold = { isToPause: true, steps: [step("Stream.BufferRequest", 0, false)] };
    const answer = act(step("Stream.Respond", 403, "denied", true));
    const resume = act(step("Stream.ResumeRequest"));

    expect(await asked(session({ onHeaders: hold, onWhole: answer }, { onHeaders: resume }))).toEqual([
      "respond 403",
    ]);
  });

  describe("a response that its filter holds", () => {
    const then = { first: [0, 0, { model: "stream" }], steps: [step("Stream.ResumeResponse")] };
    const callout = ["auth", "/", "GET", "", 9, none, none, false, false, false, then] as const;
    const held = { onHeaders: { isToPause: true, steps: [step("Stream.Call", ...callout)] } };
    const tick: Event = { kind: "tick", by: 0 }; // one comes after each callback of the request
    const answer: Event = { kind: "answer", headers: [], body: "", trailers: [] };
    const after = (...steps: Step[]) =>
      session({ trailers: [], onTrailers: act(...steps) }, held, [tick, tick, answer]);

    test("does not go on when the filter had closed the stream", async () => {
      expect(await asked(after(step("Stream.Close")))).toEqual(["close 0"]);
    });

    test("goes on when it is the filter's own answer", async () => {
      const respond = step("Stream.Respond", 403, "denied", true);
      expect(await asked(after(respond))).toEqual(["respond 403", "continue 1"]);
    });
  });

  test("a trailer that a body adds is seen by who has looked at the trailers before", async () => {
    const look = step("Fields.Names", { code: 1 });
    const add = step("Body.AddTrailer", "x-sum", "1");

    await asked(session({ chunks: ["a"], onBody: [act(look, add, look)] }));
  });

  test("nothing added to a body is no change, and content-length stays as it is", async () => {
    const buffer = act(step("Stream.BufferResponse", 0, false));
    const append = act(step("Body.Append", ""));

    await asked(session({}, { headers: [["content-length", ""]], onHeaders: buffer, onWhole: append }));
  });

  test("a body that does not come takes no bytes, whatever the filter has planned", async () => {
    const whole = act(step("Stream.RewriteRequest"), step("Body.Replace", "a"));

    await asked(session({ onHeaders: act(step("Stream.BufferRequest", 0, false)), onWhole: whole }));
  });

  test("nothing is sent to a gRPC service that has ended the stream, whatever else it is said to have begun", async () => {
    const then = { first: [{ model: "grpc" }], steps: [] };
    const request = [{ code: 0 }, "auth", "", "", "", { list: [] }, false, true] as const;
    const initial = { kind: "grpc", part: "initial", which: 0, text: "", status: 0 } as const;
    const events = [
      { ...initial, fields: [] },
      { ...initial, fields: [["x-a", "1"]] },
    ] as const;

    const onHeaders = { isToPause: true, steps: [step("Grpc.Open", ...request, then)] };
    const onLog = act(step("Grpc.Send", { code: 0 }, "late", false));
    const told = session({ onHeaders }, {}, events);
    const streams = told.streams.map((stream) => ({ ...stream, onLog }));
    expect(await asked({ ...told, streams })).toEqual([]);
  });

  test("a callout of the plugin that cannot be sent ends in the plugin, whosever answer runs", async () => {
    const callout = (method: string, owner: "stream" | "plugin", ...steps: Step[]): Step => {
      const then = { first: [0, 0, { model: owner }], steps };
      const isOfPlugin = owner === "plugin";
      return step("Stream.Call", "auth", "/", method, "", 0, none, none, false, isOfPlugin, false, then);
    };
    const unsent = callout("\0", "plugin");
    const answer: Event = { kind: "answer", headers: [], body: "", trailers: [] };

    await asked(session({ onHeaders: act(callout("GET", "stream", unsent), unsent) }, {}, [answer]));
  });

  test.for(["Grpc.Call", "Grpc.Open"])("%s that cannot be sent ends with whose it is", async (op) => {
    const ask = (isOfStream: boolean): Step => {
      const then = { first: [{ model: "grpc" }], steps: [] };
      const content = op === "Grpc.Call" ? ["", 0] : [];
      return step(op, { code: 0 }, "", "", "", "", none, ...content, false, isOfStream, then);
    };
    const later = { first: [], steps: [ask(true)] };
    const timer = step("Plugin.After", 0, { code: 0 }, later);

    await asked(session({ onHeaders: act(ask(false), timer) }, {}, [{ kind: "tick", by: 1 }]));
  });

  test("content-length is seen as an edit has made it by who has looked at the headers before", async () => {
    const headers = [["content-length", "1"]] as const;
    const whole = act(step("Stream.BufferRequest", 9, true));
    const look = step("Fields.Get", { code: 0 }, "content-length");

    await asked(
      session({
        headers,
        chunks: ["a"],
        onHeaders: whole,
        onWhole: act(look, step("Body.Append", "bc"), look),
      }),
    );
  });
});

/** What the guest asked its host for; throws when the guest differs from the model. */
async function asked(told: Session): Promise<readonly string[]> {
  const subject = await lab.subject("test/fuzz/guests/told");
  const all: string[] = [];
  subject.onLightHost({}, (host) => {
    new Drive(host, true).run(told);
    all.push(...host.state.asked);
  });
  return all;
}
