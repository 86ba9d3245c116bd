import { beforeAll, describe, expect, test } from "vitest";
import { RecordingHost } from "../recording-host.ts";
import { build } from "../sample-filter.ts";

describe("contexts", () => {
  let host: RecordingHost;

  beforeAll(async () => {
    host = new RecordingHost(
      await build('return this.respond(403, "no");', "", 'onLog(): void { this.respond(500, "late"); }'),
    );
    host.configure();
  });

  test("a stream that was never created passes", () => {
    expect(host.guest.proxy_on_request_headers(99, 0, 1)).toBe(0);
  });

  test("a plugin's own number given as a stream's passes", () => {
    expect(host.guest.proxy_on_request_headers(1, 0, 1)).toBe(0);
    host.guest.proxy_on_log(1);
  });

  test("a stream that was deleted passes, and may be deleted again", () => {
    expect(host.request(7)).toBe(4); // headers and all that follows are held
    expect(host.guest.proxy_on_request_headers(7, 0, 1)).toBe(0);
    host.guest.proxy_on_delete(7);
  });

  test("1,000 streams that share buckets are told apart", () => {
    for (let i = 0; i < 1_000; i++) host.guest.proxy_on_context_create(100 + i * 64, 1);
    for (let i = 0; i < 1_000; i += 2) host.guest.proxy_on_delete(100 + i * 64);
    const actions = Array.from({ length: 1_000 }, (_, i) =>
      host.guest.proxy_on_request_headers(100 + i * 64, 0, 1),
    );
    expect(actions).toEqual(Array.from({ length: 1_000 }, (_, i) => (i % 2) * 4));
  });

  test("a local reply is refused once the stream is over", () => {
    host.guest.proxy_on_context_create(5, 1);
    host.calls.length = 0;
    host.guest.proxy_on_log(5);
    expect(host.calls).toEqual([
      "log 4 a local reply was refused in onLog: the stream has not begun, or is over: take another callback",
    ]);
  });
});
