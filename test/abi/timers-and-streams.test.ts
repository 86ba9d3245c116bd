import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

/** A filter whose timer steers the streams that it holds. */
const holding = (steer: object, needs: Array<"virtual-clock"> = []): FilterTest =>
  filterTest(guest("steers"), { pause: true, by: "timer", ...steer }, { clusters: ["service"], needs });
const delaying = { in: "request_headers", do: ["resume_request"] };
const answering = { in: "request_trailers", do: ["respond"], pause: false };

holding({ ...delaying, after_ms: 50 })("a request that a timer delays gets through", async ({ proxy }) => {
  const statuses = await Promise.all([proxy.get("/"), proxy.get("/"), proxy.get("/")]);

  expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200]);
});

holding({ ...answering, after_ms: 500 })(
  "a timer answers for an upstream that is slow, and the late answer is dropped",
  async ({ proxy, upstream }) => {
    upstream.respond({ delayMs: 3_000 });
    const response = await proxy.post("/", "one", { trailers: { "x-sum": "6" } });
    await proxy.settled();

    expect(response).toHaveStatus(418);
    expect(upstream.requests).toHaveLength(1);
    expect(proxy.accessLog).toHaveLength(1);
  },
);

holding({ ...answering, after_ms: 5_000 })(
  "a timer that is later than the upstream's answer changes nothing",
  async ({ proxy, upstream }) => {
    upstream.respond({ delayMs: 20 });
    const trailers = { "x-sum": "6" };

    expect(await proxy.post("/", "one", { trailers })).toHaveStatus(200);
  },
);

const delayed = holding({ ...delaying, after_ms: 50 }, ["virtual-clock"]);

delayed("a test looks in between when it moves the clock itself", async ({ proxy, upstream }) => {
  const response = proxy.get("/");
  await proxy.clock.advance(49);
  expect(upstream.requests).toEqual([]);
  await proxy.clock.advance(1);

  expect(upstream.requests).toHaveLength(1);
  expect(await response).toHaveStatus(200);
});

delayed("the clock jumps again once the requests that a test drove are over", async ({ proxy }) => {
  const response = proxy.get("/");
  await proxy.clock.advance(50);
  await response;

  expect(await proxy.get("/")).toHaveStatus(200);
});

delayed("a frozen clock moves when the test says so, and not before", async ({ proxy, upstream }) => {
  proxy.clock.freeze();
  const response = proxy.get("/");
  await expect(proxy.settled()).rejects.toMatchObject({
    code: "stream_stuck",
    message: expect.stringMatching(/1 of the requests under way.*proxy\.clock\.advance/),
  });
  await proxy.clock.advance(20);
  await proxy.clock.advance(20);
  expect(upstream.requests).toEqual([]);
  await proxy.clock.advance(20);

  expect(await response).toHaveStatus(200);
});

delayed("what falls due while a test moves the clock happens in its order", async ({ proxy, upstream }) => {
  upstream.respond({ delayMs: 10 });
  const ends: string[] = [];
  const first = proxy.get("/").then(() => ends.push("first"));
  await proxy.clock.advance(30);
  const second = proxy.get("/").then(() => ends.push("second"));
  await proxy.clock.advance(30); // to 60: the first one's timer at 50 and its answer at 60
  expect(ends).toEqual(["first"]);
  await proxy.clock.advance(30);
  await Promise.all([first, second]);

  expect(ends).toEqual(["first", "second"]);
});

holding({ in: "request_headers", do: [], by: "ticker" }, ["virtual-clock"])(
  "a stream that a timer never resumes is stuck, however often the timer happens",
  async ({ proxy }) => {
    await expect(proxy.get("/")).rejects.toMatchObject({
      code: "stream_stuck",
      message: expect.stringMatching(/GET \/ is held in the request by plugin "steers".*timers still happen/),
    });
  },
);

holding({ in: "request_headers", do: [] }, ["virtual-clock"])(
  "a stream that its only timer does not resume is stuck",
  async ({ proxy }) => {
    await expect(proxy.get("/")).rejects.toMatchObject({
      code: "stream_stuck",
      message: expect.stringMatching(/nothing is left that could resume it/),
    });
  },
);

filterTest(
  guest("empty"),
  {},
  { needs: ["virtual-clock"] },
)("an upstream that never answers is given up by the router", async ({ proxy, upstream }) => {
  upstream.respond({ fault: "silence" });

  expect(await proxy.get("/")).toHaveStatus(504);
});

filterTest(guest("keeps-headers"))(
  "timers of several streams in one tick see each its own stream's headers",
  async ({ proxy }) => {
    const names = ["a", "b", "c"];
    await Promise.all(names.map((name) => proxy.get("/", { headers: { "x-name": name } })));
    await proxy.settled();

    expect(proxy.logs.map(({ message }) => message).sort()).toEqual(names);
  },
);
