import { Bytes, getProperty, Plugin, QueueReader, Timer, utf8 } from "as-proxy-wasm";
import { ToldGrpcCall, ToldGrpcStream } from "./grpc-ops";
import { Told } from "./index";
import { run } from "./run";
import { Script } from "./script";

/** What the streams share: four timers, gRPC calls and streams each, and readers of queues. */
export class ToldPlugin extends Plugin {
  readonly toldTimers: ToldTimer[] = [];
  readonly grpcCalls: ToldGrpcCall[] = [];
  readonly grpcStreams: ToldGrpcStream[] = [];
  /** The stream whose callback ran last, which timers and readers may steer, be it over or not. */
  lastStream: Told | null = null;

  onConfigured(): void {
    for (let i = 0; i < 4; i++) {
      this.toldTimers.push(new ToldTimer(this));
      this.grpcCalls.push(new ToldGrpcCall(this));
      this.grpcStreams.push(new ToldGrpcStream(this));
    }
    run(scriptOf(utf8("script")), null, this, null);
  }

  reader(then: Bytes): QueueReader {
    return new ToldReader(this, then);
  }
}

/** What the host tells the running callback to do. */
export function scriptOf(name: Bytes): Script {
  const text = getProperty(name);
  return new Script(text === null ? Bytes.EMPTY : text);
}

class ToldTimer extends Timer {
  then: Bytes = Bytes.EMPTY;

  constructor(private readonly plugin: ToldPlugin) {
    super();
  }

  onTime(): void {
    const script = new Script(this.then);
    if (!script.next()) return;
    script.sayText("time");
    run(script, this.plugin.lastStream, this.plugin, null);
  }
}

class ToldReader extends QueueReader {
  constructor(
    private readonly plugin: ToldPlugin,
    private readonly then: Bytes,
  ) {
    super();
  }

  onMessage(message: Bytes): void {
    const script = new Script(this.then);
    if (!script.next()) return;
    script.say(message);
    run(script, this.plugin.lastStream, this.plugin, null);
  }
}
