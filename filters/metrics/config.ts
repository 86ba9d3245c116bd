import { Bytes, Configuration, isHeaderName, JsonArray, JsonObject } from "as-proxy-wasm";
import { isReserved, Label, LABELS } from "./label";
import { isLabelName, isStatPrefix } from "./names";
import { PathTemplate, parseTemplate } from "./path-template";
import { Recorder } from "./recorder";

/** The histograms by their bits. */
export enum Measure {
  Duration = 1,
  RequestSize = 2,
  ResponseSize = 4,
}

const MEASURES = ["duration", "request_size", "response_size"];
const MOST_HEADERS = 8;
const MOST_SERIES = 10_000;

/** A header of the request whose value is a label. */
export class HeaderLabel {
  constructor(
    readonly header: Bytes,
    readonly label: string,
    /** The values that count as themselves; all when it is empty. */
    readonly values: Bytes[],
  ) {}
}

/** What is counted, and by which labels. */
export class MetricsConfiguration extends Configuration {
  statPrefix: string = "metrics";
  labels: Label[] = [Label.Method, Label.Route, Label.Cluster, Label.ResponseCode];
  readonly headers: HeaderLabel[] = [];
  readonly paths: PathTemplate[] = [];
  maxSeries: i32 = 200;
  measures: i32 = Measure.Duration | Measure.RequestSize | Measure.ResponseSize;
  private madeRecorder: Recorder | null = null;

  /** Where its streams are counted; made for the first of them. */
  get recorder(): Recorder {
    const known = this.madeRecorder;
    if (known !== null) return known;
    const made = new Recorder(this);
    this.madeRecorder = made;
    return made;
  }

  read(json: JsonObject): void {
    this.statPrefix = json.stringOr("stat_prefix", this.statPrefix);
    if (!isStatPrefix(this.statPrefix))
      json.refuse("stat_prefix", "must be 1 to 64 letters, digits, _ and dots, the first a letter or _");
    if (json.has("labels")) this.labels = readSome(json.array("labels"), LABELS);
    this.readHeaders(json.arrayOrEmpty("request_headers"));
    this.readPaths(json);
    this.maxSeries = <i32>json.integerOr("max_series", 1, MOST_SERIES, this.maxSeries);
    if (json.has("histograms")) this.readMeasures(json.array("histograms"));
  }

  private readHeaders(json: JsonArray): void {
    if (json.length > MOST_HEADERS) json.refuse("must not hold more than 8 headers");
    for (let i = 0; i < json.length; i++) this.headers.push(this.readHeader(json.object(i)));
  }

  private readHeader(json: JsonObject): HeaderLabel {
    const header = json.bytes("header");
    if (!isHeaderName(header)) json.refuse("header", "must be the name of a header");
    const label = json.string("label");
    if (!isLabelName(label)) json.refuse("label", "must be letters, digits and _, the first no digit");
    else if (isReserved(label)) json.refuse("label", "must not be a label that the filter or Prometheus has");
    else if (this.hasHeader(label)) json.refuse("label", "must not be that of another header");
    return new HeaderLabel(header, label, readValues(json.arrayOrEmpty("values")));
  }

  private hasHeader(label: string): bool {
    for (let i = 0; i < this.headers.length; i++) {
      if (this.headers[i].label == label) return true;
    }
    return false;
  }

  private readPaths(json: JsonObject): void {
    const paths = json.arrayOrEmpty("paths");
    const hasLabel = this.labels.includes(Label.Path);
    if (hasLabel && paths.length == 0) json.refuse("paths", "must hold a template for the label path");
    if (!hasLabel && paths.length > 0) json.refuse("paths", "must not be there without the label path");
    for (let i = 0; i < paths.length; i++) {
      const template = parseTemplate(paths.bytes(i));
      if (template === null)
        paths.refuseElement(i, "must be a template as /a/{id}/*/c, with ** as the last segment at most");
      else this.paths.push(template);
    }
  }

  private readMeasures(json: JsonArray): void {
    const measures = readSome(json, MEASURES);
    this.measures = 0;
    for (let i = 0; i < measures.length; i++) this.measures |= 1 << measures[i];
  }
}

/** As for the filter, under another name: what both count is not added up. */
export class AccessLogConfiguration extends MetricsConfiguration {
  statPrefix: string = "metrics_access_log";
}

/** Which of the names an array holds, each by its index and at most once. */
function readSome(json: JsonArray, names: string[]): i32[] {
  const some: i32[] = [];
  for (let i = 0; i < json.length; i++) {
    const index = json.oneOf(i, names);
    if (some.includes(index)) json.refuse("must not hold " + names[index] + " twice");
    some.push(index);
  }
  return some;
}

function readValues(json: JsonArray): Bytes[] {
  const values: Bytes[] = [];
  for (let i = 0; i < json.length; i++) values.push(json.bytes(i));
  return values;
}
