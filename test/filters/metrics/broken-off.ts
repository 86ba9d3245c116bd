import http2 from "node:http2";
import type { Upstream } from "proxy-wasm-harness";
import type { StartedScenario } from "proxy-wasm-harness/scenario";

/** The client breaks its connection off while the upstream has the request. */
export async function closesConnection(mesh: StartedScenario, upstream: Upstream): Promise<void> {
  using gate = upstream.hold();
  const connection = await mesh.connect("in");
  await connection.send("GET /service HTTP/1.1\r\nHost: a\r\n\r\n");
  await gate.arrived();
  await connection.reset();
  await mesh.settled();
}

/** The client resets its stream of HTTP/2, and its connection stays. */
export async function resetsStream(mesh: StartedScenario, upstream: Upstream): Promise<void> {
  using gate = upstream.hold();
  const session = http2.connect(`http://127.0.0.1:${await mesh.port("in")}`);
  const stream = session.request({ ":path": "/service" });
  stream.on("error", () => stream.destroy());
  await gate.arrived();
  stream.close(http2.constants.NGHTTP2_CANCEL);
  await new Promise((resolve) => stream.once("close", resolve));
  await new Promise<void>((resolve) => session.close(resolve));
  await mesh.settled();
}
