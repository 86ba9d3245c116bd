import { BasicPlugin } from "./plugin/basic-plugin";
import { Callback, enter, leave } from "./callbacks";
import { BasicConfiguration, NoConfiguration } from "./plugin/configuration";
import { addContext, Context, ContextKind } from "./contexts";
import { runAs, runningContextId } from "./effective-context";
import { classOf } from "./runtime/objects";

let opening: BasicPlugin = new BasicPlugin();
let openingClass: u32 = 0;
let openingParentId: u32 = 0;

/** For the SDK: names the plugin, its number and the class of the stream that is made next, as which the host's calls act. */
export function openStream(plugin: BasicPlugin, parentContextId: u32, classId: u32): void {
  opening = plugin;
  openingParentId = parentContextId;
  openingClass = classId;
}

/** One stream on its way through a plugin, an HTTP stream or a connection: what filters of both kinds have in common. */
export class FilterStream extends Context {
  /** For the SDK: the plugin that the stream runs through. @internal */
  readonly basicPlugin: BasicPlugin = opening;

  /**
   * Is known by its number before the filter's own constructor runs, which may ask services, as the stream or its plugin.
   * What a filter makes itself, in the value of a field even before this, is no stream of the host's.
   */
  constructor(kind: ContextKind) {
    super(kind);
    if (classOf(changetype<usize>(this)) == openingClass) {
      openingClass = 0;
      this.contextId = runningContextId();
      this.parentContextId = openingParentId;
      addContext(this);
    }
  }

  /** The stream is over and the access log is written. In Envoy this comes before `onDone`, for a connection after it. */
  onLog(): void {}

  /** The stream is over; the last callback, for a connection the one before `onLog`. */
  onDone(): void {}

  /** For the SDK: a fresh configuration of the class that the filter names. @internal */
  makeConfiguration(): BasicConfiguration {
    return new NoConfiguration();
  }

  /** For the SDK: a fresh plugin of the class that the filter names. @internal */
  makePlugin(): BasicPlugin {
    return new BasicPlugin();
  }

  /** For the SDK: runs a callback of the ABI, as all that follows. The names leave the plain ones to filters. @internal */
  dispatchLog(): void {
    const interrupted = this.begin(Callback.Log);
    this.onLog();
    leave(interrupted);
  }

  /** For the SDK. @internal */
  dispatchDone(): void {
    const interrupted = this.begin(Callback.Done);
    this.onDone();
    leave(interrupted);
  }

  /** For the SDK: notes that a callback of the stream begins. @internal */
  // @ts-ignore: decorator
  @inline
  protected begin(callback: Callback): Callback {
    const interrupted = enter(callback);
    runAs(this.contextId);
    return interrupted;
  }
}
