import { HttpFilter, httpFilter } from "as-proxy-wasm";


@httpFilter("empty")
export class Empty extends HttpFilter {}
