import { Body } from "as-proxy-wasm";
import { runBodyOp } from "./body-ops";
import { runBytesOp } from "./bytes-ops";
import { runFieldsOp } from "./field-ops";
import { runForeignOp } from "./foreign-ops";
import { runGrpcOp } from "./grpc-ops";
import { Told } from "./index";
import { runMetricOp } from "./metric-ops";
import { ToldPlugin } from "./plugin";
import { runPluginOp } from "./plugin-ops";
import { runPropertyOp } from "./property-ops";
import { runReadingOp } from "./reading-ops";
import { Script } from "./script";
import { runStreamOp } from "./stream-ops";

enum Chapter {
  Bytes,
  Reading,
  Fields,
  Foreign,
  Metric,
  Plugin,
  Property,
  Stream,
  Body,
  Grpc,
}

/** Runs a script; one for a stream or its body ends where there is none. */
export function run(script: Script, filter: Told | null, plugin: ToldPlugin, body: Body | null): void {
  while (script.next()) {
    const chapter = script.code();
    if (chapter == Chapter.Bytes) runBytesOp(script);
    else if (chapter == Chapter.Reading) runReadingOp(script);
    else if (chapter == Chapter.Fields) runFieldsOp(script);
    else if (chapter == Chapter.Foreign) runForeignOp(script);
    else if (chapter == Chapter.Metric) runMetricOp(script);
    else if (chapter == Chapter.Plugin) runPluginOp(script, plugin);
    else if (chapter == Chapter.Property) runPropertyOp(script, filter);
    else if (chapter == Chapter.Stream && filter !== null) runStreamOp(script, filter);
    else if (chapter == Chapter.Body && body !== null) runBodyOp(script, body);
    else if (chapter == Chapter.Grpc) runGrpcOp(script, filter, plugin);
    else return;
  }
}
