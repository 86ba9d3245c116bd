import { expect, test } from "vitest";
import { AccessLog } from "../../harness/src/envoy/access-log.ts";

const line = (listener: string): string =>
  JSON.stringify({ listener, method: "GET", path: "/", status: 200 });

test("a line that comes late, of a listener that another user had, is nobody's", () => {
  const log = new AccessLog();
  log.begin("~1");
  log.add(line("proxy~1"));
  log.begin("~2");
  log.add(line("proxy~1"));
  log.add(line("proxy~2"));
  log.add(line("ours"));

  expect(log.streams.map(({ entry }) => entry.listener)).toEqual(["proxy", "ours"]);
  expect(log.ended.count).toBe(2);
  expect(log.endedAt("proxy").streams.count).toBe(1);
});
