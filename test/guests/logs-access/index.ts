import {
  AccessLogger,
  accessLogger,
  Bytes,
  Configuration,
  Counter,
  getProperty,
  HttpFields,
  JsonObject,
  LabelledCounter,
  log,
  properties,
  RequestTrailers,
  setProperty,
  Timer,
  utf8,
  vmConfiguration,
} from "as-proxy-wasm";

const late = new Counter("logs_access.late");
const codes = new LabelledCounter("logs_access.streams", ["code"]);

class LoggerConfiguration extends Configuration {
  greeting: string = "";

  read(json: JsonObject): void {
    this.greeting = json.stringOr("greeting", "");
  }
}

class Late extends Timer {
  onTime(): void {
    late.increment();
  }
}

/** Logs what an access logger can read of a stream; some headers of the request ask for more. */
@accessLogger("logs-access")
export class LogsAccess extends AccessLogger<LoggerConfiguration> {
  onConfigured(): void {
    log.info("configured: " + this.config.greeting + ", vm: " + vmConfiguration().toString());
  }

  onLog(): void {
    const code = properties.response.codeOr(0).toString();
    codes.with(Bytes.fromString(code)).increment();
    log.info(text(this.requestHeaders.get(utf8(":path"))) + " " + code + " " + this.took());
    log.info(
      "x-a=" + text(this.requestHeaders.get(utf8("x-a"))) + " " + fieldsOf("trailers", this.responseTrailers),
    );
    log.info("x-b=" + text(this.responseHeaders.get(utf8("x-b"))) + " vm: " + vmConfiguration().toString());
    log.info(
      "details " + text(properties.response.codeDetails()) + ", route " + text(properties.xds.routeName()),
    );
    if (this.requestHeaders.has(utf8("x-all"))) logAll(this);
    if (this.requestHeaders.has(utf8("x-write"))) this.write();
    if (this.requestHeaders.has(utf8("x-later"))) this.after(5, new Late());
  }

  /** Whether the stream's duration is known. */
  private took(): string {
    return properties.request.durationNanosOr(0) > 0 ? "took a while" : "took no time";
  }

  private write(): void {
    const wrote =
      this.requestHeaders.set(utf8("x-a"), utf8("other")) || this.responseHeaders.remove(utf8("x-b"));
    const kept = setProperty(utf8("mine"), utf8("1"));
    log.info((wrote ? "wrote" : "wrote nothing") + (kept ? ", kept" : ", kept nothing"));
  }
}

/** Everything of a stream that does not vary from run to run. */
function logAll(logger: LogsAccess): void {
  log.info(fieldsOf("request", logger.requestHeaders));
  log.info(fieldsOf("request trailers", new RequestTrailers()));
  log.info(fieldsOf("response", logger.responseHeaders));
  log.info("path " + text(properties.request.path()) + ", method " + text(properties.request.method()));
  log.info(
    "x-a " +
      text(properties.request.header(utf8("x-a"))) +
      ", x-b " +
      text(properties.response.header(utf8("x-b"))),
  );
  log.info(
    "virtual host " + text(properties.xds.virtualHostName()) + ", kept " + text(getProperty(utf8("mine"))),
  );
  log.info("cluster " + text(properties.xds.clusterName()) + ", scheme " + text(properties.request.scheme()));
}

function fieldsOf(name: string, fields: HttpFields): string {
  let all = name;
  for (let i = 0; i < fields.size; i++)
    all += " " + fields.nameAt(i).toString() + "=" + fields.valueAt(i).toString();
  return all;
}

function text(value: Bytes | null): string {
  return value === null ? "null" : value.toString();
}
