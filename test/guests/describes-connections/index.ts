import {
  Action,
  Bytes,
  Configuration,
  getProperty,
  JsonArray,
  JsonObject,
  log,
  NetworkData,
  NetworkFilter,
  networkFilter,
  setProperty,
  utf8,
} from "as-proxy-wasm";

/** `{ "paths": [["source", "address"], …] }` */
class PathConfiguration extends Configuration {
  readonly paths: string[] = [];

  read(json: JsonObject): void {
    const paths = json.array("paths");
    for (let i = 0; i < paths.length; i++) this.paths.push(joined(paths.array(i)));
  }
}

/** Logs the properties that its configuration names, when a client connects, in each direction, and at the end. */
@networkFilter("describes-connections")
export class DescribesConnections extends NetworkFilter<PathConfiguration> {
  onNewConnection(): Action {
    setProperty(utf8("mine"), utf8("kept"));
    return this.describe("new connection");
  }

  onDownstreamData(data: NetworkData, endOfStream: bool): Action {
    return this.describe("downstream data");
  }

  onUpstreamData(data: NetworkData, endOfStream: bool): Action {
    return this.describe("upstream data");
  }

  onLog(): void {
    this.describe("log");
  }

  private describe(when: string): Action {
    const paths = this.config.paths;
    for (let i = 0; i < paths.length; i++) {
      const value = getProperty(Bytes.fromString(paths[i]));
      log.info(
        when + ": " + paths[i].split("\0").join(".") + " " + (value === null ? "absent" : shown(value)),
      );
    }
    return Action.Continue;
  }
}

function joined(segments: JsonArray): string {
  let path = "";
  for (let i = 0; i < segments.length; i++) path += (i == 0 ? "" : "\0") + segments.string(i);
  return path;
}

/** Text as it is, other bytes as numbers. */
function shown(value: Bytes): string {
  let numbers = "";
  for (let i = 0; i < value.length; i++) {
    if (value[i] >= 0x20 && value[i] < 0x7f) continue;
    for (let j = 0; j < value.length; j++) numbers += value[j].toString() + " ";
    return numbers.trim();
  }
  return '"' + value.toString() + '"';
}
