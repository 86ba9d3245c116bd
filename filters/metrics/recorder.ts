import { Bytes, LabelValues, RequestHeaders } from "as-proxy-wasm";
import { MetricsConfiguration } from "./config";
import { EndedStream } from "./ended-stream";
import { Label } from "./label";
import { addRequestLabels } from "./request-labels";
import { RequestSeries, RequestTable } from "./series";

/** Finds the series of streams by the labels of a configuration. */
export class Recorder {
  private readonly table: RequestTable;
  private readonly values: LabelValues = new LabelValues();

  constructor(private readonly config: MetricsConfiguration) {
    this.table = new RequestTable(config);
  }

  /** What the request's headers say, for `seriesOf` when the stream is over: others may change them meanwhile. */
  requestLabels(headers: RequestHeaders): Bytes {
    this.values.clear();
    addRequestLabels(this.values, this.config, headers);
    return this.values.gathered();
  }

  /** The series of a stream that is over. */
  seriesOf(request: Bytes, stream: EndedStream): RequestSeries {
    this.values.clear();
    this.values.addAll(request);
    const labels = this.config.labels;
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] > Label.Path) this.values.add(stream.valueOf(labels[i]));
    }
    return this.table.with(this.values);
  }
}
