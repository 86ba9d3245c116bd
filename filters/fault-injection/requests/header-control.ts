import {
  Bytes,
  Condition,
  Fraction,
  RequestFacts,
  RequestHeaders,
  SeededRandom,
  Truth,
  utf8,
} from "as-proxy-wasm";
import { Abort } from "../faults/abort";
import { FixedDelay } from "../delays/delay";
import { Faults } from "../faults/faults";
import { headerNumber, NO_NUMBER } from "./header-number";

const KIB: i64 = 1024;

/** What requests may ask for by their own headers. Source: Envoy, "Fault Injection", the HTTP headers of the filter. */
export class HeaderControl {
  /** Who may ask; null for everybody. */
  when: Condition | null = null;
  /** The longest delay; 0 when none may be asked for. */
  maxDelayMs: i64 = 0;
  delayPercent: Fraction = new Fraction(0, 100);
  mayAbort: bool = false;
  abortPercent: Fraction = new Fraction(0, 100);
  /** The slowest response, in KiB a second; 0 when none may be asked for. */
  leastKibPerSecond: i64 = 0;
  pacePercent: Fraction = new Fraction(0, 100);

  /** What a request asks for, as far as it may; null when that is nothing. */
  faultsOf(facts: RequestFacts, random: SeededRandom): Faults | null {
    const when = this.when;
    if (when !== null && when.holds(facts) != Truth.Yes) return null;
    const faults = new Faults(Bytes.EMPTY);
    if (this.maxDelayMs > 0) this.takeDelay(faults, facts.headers, random);
    if (this.mayAbort) this.takeAbort(faults, facts.headers, random);
    if (this.leastKibPerSecond > 0 && faults.abort === null) this.takePace(faults, facts.headers, random);
    return faults.isNothing ? null : faults;
  }

  private takeDelay(faults: Faults, headers: RequestHeaders, random: SeededRandom): void {
    const ms = headerNumber(headers, utf8("x-envoy-fault-delay-request"), 0, i64.MAX_VALUE);
    if (ms == NO_NUMBER) return;
    const name = utf8("x-envoy-fault-delay-request-percentage");
    if (ms > 0 && isDrawn(headers, name, this.delayPercent, random))
      faults.delay = new FixedDelay(<u32>min(ms, this.maxDelayMs));
  }

  private takeAbort(faults: Faults, headers: RequestHeaders, random: SeededRandom): void {
    const http = headerNumber(headers, utf8("x-envoy-fault-abort-request"), 200, 599);
    const grpc = headerNumber(headers, utf8("x-envoy-fault-abort-grpc-request"), 0, 16);
    if (http == NO_NUMBER && grpc == NO_NUMBER) return;
    const name = utf8("x-envoy-fault-abort-request-percentage");
    if (isDrawn(headers, name, this.abortPercent, random))
      faults.abort = http != NO_NUMBER ? Abort.http(<i32>http) : Abort.grpc(<i32>grpc);
  }

  private takePace(faults: Faults, headers: RequestHeaders, random: SeededRandom): void {
    const kib = headerNumber(headers, utf8("x-envoy-fault-throughput-response"), 1, i64.MAX_VALUE / KIB);
    if (kib == NO_NUMBER) return;
    const name = utf8("x-envoy-fault-throughput-response-percentage");
    if (isDrawn(headers, name, this.pacePercent, random))
      faults.bytesPerSecond = max(kib, this.leastKibPerSecond) * KIB;
  }
}

/** Takes the headers from a request, so that the upstream and filters before it are not controlled as well. */
export function removeControl(headers: RequestHeaders): void {
  remove(headers, utf8("x-envoy-fault-delay-request"));
  remove(headers, utf8("x-envoy-fault-delay-request-percentage"));
  remove(headers, utf8("x-envoy-fault-abort-request"));
  remove(headers, utf8("x-envoy-fault-abort-request-percentage"));
  remove(headers, utf8("x-envoy-fault-abort-grpc-request"));
  remove(headers, utf8("x-envoy-fault-throughput-response"));
  remove(headers, utf8("x-envoy-fault-throughput-response-percentage"));
}

function remove(headers: RequestHeaders, name: Bytes): void {
  if (headers.has(name)) headers.remove(name);
}

/** The request's own percentage lowers that of the configuration, and never raises it. */
function isDrawn(headers: RequestHeaders, name: Bytes, most: Fraction, random: SeededRandom): bool {
  const numerator = headerNumber(headers, name, 0, i64.MAX_VALUE);
  return (numerator == NO_NUMBER ? most : most.atMost(numerator)).draw(random);
}
