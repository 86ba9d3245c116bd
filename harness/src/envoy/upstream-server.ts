/** The test's upstream as a server on a free port of 127.0.0.1. */
export { HttpUpstreamServer as UpstreamServer } from "../upstreams/http-upstream-server.ts";
