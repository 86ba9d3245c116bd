import { fetchHttp3 } from "../http3/fetch.ts";
import { findHttp3 } from "../http3/program.ts";
import { parseArguments } from "./arguments.ts";

/** `proxy-wasm fetch-http3`: prints which HTTP/3 client the tests use, after getting one when there is none. */
export async function fetchHttp3Command(args: readonly string[]): Promise<number> {
  parseArguments("fetch-http3", args, {}, { atMost: 0 });
  const version = (await findHttp3()) ?? (await fetchHttp3((line) => console.log(line)));
  console.log(`The HTTP/3 client is aioquic ${version}`);
  return 0;
}
