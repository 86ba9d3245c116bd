import { BasicPlugin, Plugin } from "./basic-plugin";
import { Bytes } from "../bytes";
import { BasicConfiguration, NoConfiguration } from "./configuration";
import { HttpStream } from "../http/stream";
import { refuseStream } from "../refusals/misplaced";

/** What the proxy runs beside the streams, and not in their way: extend `AccessLogger` or `Service`. */
export abstract class StreamlessPlugin<C extends BasicConfiguration = NoConfiguration> extends Plugin<C> {
  /** For the SDK: a fresh configuration of the class that the plugin names. @internal */
  makeConfiguration(): BasicConfiguration {
    return instantiate<C>();
  }
}

/**
 * A stream through a plugin that is none of a filter's: lets everything pass. It stands for the plugin where the SDK
 * makes one of a filter's class, and says so where the proxy's configuration has it among its filters.
 */
export class PassingStream<P extends BasicPlugin> extends HttpStream {
  private made: P | null = null;

  constructor() {
    super();
    refuseStream(Bytes.fromString(nameof<P>()));
  }

  makeConfiguration(): BasicConfiguration {
    const plugin = instantiate<P>();
    this.made = plugin;
    return plugin.makeConfiguration();
  }

  makePlugin(): BasicPlugin {
    const made = this.made;
    return made === null ? instantiate<P>() : made;
  }
}
