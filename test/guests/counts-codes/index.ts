import { AccessLogger, accessLogger, Bytes, LabelledCounter, log, properties, utf8 } from "as-proxy-wasm";

const streams = new LabelledCounter("counts_codes.streams", ["code"]);


@accessLogger("counts-codes")
export class CountsCodes extends AccessLogger {
  onLog(): void {
    const code = properties.response.codeOr(0);
    streams.with(Bytes.fromString(code.toString())).increment();
    const agent = this.requestHeaders.get(utf8("user-agent"));
    if (code >= 500 && agent !== null) log.warn("failed for " + agent.toString());
  }
}
