import { BasicPlugin } from "./basic-plugin";
import { Callback, enter, leave } from "./callbacks";
import { NoConfiguration, PluginConfiguration } from "./configuration";
import { Context } from "./contexts";
import { runAs } from "./effective-context";

const NO_PLUGIN: BasicPlugin = new BasicPlugin();
const UNCONFIGURED: PluginConfiguration = new NoConfiguration();

/** One stream on its way through a plugin, an HTTP stream or a connection: what filters of both kinds have in common. */
export class FilterStream extends Context {
  /** For the SDK: the configuration of the plugin that the stream runs through. */
  configuration: PluginConfiguration = UNCONFIGURED;
  /** For the SDK: the plugin that the stream runs through. */
  basicPlugin: BasicPlugin = NO_PLUGIN;

  /** The stream is over and the access log is written. In Envoy this comes before `onDone`, for a connection after it. */
  onLog(): void {}

  /** The stream is over; the last callback, for a connection the one before `onLog`. */
  onDone(): void {}

  /** For the SDK: a fresh configuration of the class that the filter names. */
  makeConfiguration(): PluginConfiguration {
    return new NoConfiguration();
  }

  /** For the SDK: a fresh plugin of the class that the filter names. */
  makePlugin(): BasicPlugin {
    return new BasicPlugin();
  }

  /** Runs a callback of the ABI, as all that follows. The names leave the plain ones to filters. */
  dispatchLog(): void {
    const interrupted = this.begin(Callback.Log);
    this.onLog();
    leave(interrupted);
  }

  dispatchDone(): void {
    const interrupted = this.begin(Callback.Done);
    this.onDone();
    leave(interrupted);
  }

  protected begin(callback: Callback): Callback {
    const interrupted = enter(callback);
    runAs(this.contextId);
    return interrupted;
  }
}
