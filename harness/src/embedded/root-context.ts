import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { HeaderList } from "../header-list.ts";
import { totalOf } from "../kept.ts";
import { trapError } from "../trap.ts";
import { BodyBuffer } from "./body-buffer.ts";
import type { CalloutAnswer } from "./callout-messages.ts";
import { BufferType, HeaderMapType, type GuestContext } from "./context.ts";
import type { GrpcPart } from "./grpc-messages.ts";
import type { HttpStream } from "./http-stream.ts";
import { Status } from "./status.ts";
import type { Vm } from "./vm.ts";

/** What `proxy_get_status` answers. */
interface HostStatus {
  readonly code: number;
  readonly message: string;
}

/** A plugin in its VM: the root context, with its configuration. */
export class RootContext implements GuestContext {
  readonly id: number;
  readonly plugin: Plugin;
  readonly vm: Vm;
  readonly filter = null;
  readonly network = null;
  /** What is not there to be called says no then, and says yes when the VM dies of its context alone. */
  private readonly isBornDead: boolean;
  /** How many lines had been logged when it, or its VM with it, began to start. */
  private readonly linesBefore: number;
  private configuration: BodyBuffer | null = null;
  private callAnswer: CalloutAnswer | null = null;
  private loggedStream: HttpStream | null = null;
  private isEnding = false;
  private grpcPart: GrpcPart | null = null;
  private resolved: BodyBuffer | null = null;
  private status: HostStatus = { code: Status.Ok, message: "" };

  private constructor(vm: Vm, plugin: Plugin) {
    this.id = vm.nextContextId();
    this.plugin = plugin;
    this.vm = vm;
    this.isBornDead = vm.isDead;
    this.linesBefore = this.id === 1 ? vm.linesBefore : totalOf(vm.proxy.logs);
  }

  /** Creates and configures a plugin's context. Refused with `configuration_refused`, the filter's own words first. */
  static start(vm: Vm, plugin: Plugin): RootContext {
    const root = RootContext.begin(vm, plugin);
    root.configure();
    return root;
  }

  /** As `start`, up to its configuration. */
  static begin(vm: Vm, plugin: Plugin): RootContext {
    const root = new RootContext(vm, plugin);
    vm.contexts.add(root);
    root.during(() => vm.call(root, "proxy_on_context_create", [root.id, 0], 0));
    root.mustAccept("proxy_on_vm_start", plugin.vmConfiguration.length);
    return root;
  }

  /** Configures the plugin. Refused with `configuration_refused`. */
  configure(): void {
    this.during(() => this.mustAccept("proxy_on_configure", this.plugin.configuration.length));
  }

  get root(): RootContext {
    return this;
  }

  /** What `proxy_get_configuration` of ABI 0.1.0 answers at the moment. */
  get givenConfiguration(): Uint8Array {
    return this.configuration?.bytes ?? this.plugin.vmConfiguration;
  }

  /** The stream that the plugin, an access logger, is being told of. */
  get stream(): HttpStream | null {
    return this.loggedStream;
  }

  get logSource(): string {
    return [this.plugin.rootId, this.plugin.vmId].filter((part) => part !== "").join(" ");
  }

  /** Hands the answer to an HTTP callout to the plugin, from which every context of it can read the answer. */
  answerCall(token: number, answer: CalloutAnswer): void {
    const { headers, body, trailers } = answer;
    this.callAnswer = answer;
    if (headers === null) this.status = { code: Status.BrokenConnection, message: "reset" };
    const parameters = [this.id, token, headers?.size ?? 0, body.bytes.length, trailers?.size ?? 0];
    this.show("proxy_on_http_call_response", parameters, () => (this.callAnswer = null));
  }

  /** Hands a part of the answer to a gRPC call to the plugin, from which every context of it can read it. */
  answerGrpc(token: number, part: GrpcPart): void {
    this.grpcPart = part;
    if (part.callback === "proxy_on_grpc_close" && this.vm.has(part.callback))
      this.status = { code: part.number, message: part.message };
    const areFieldsKept = "fields" in part;
    this.show(part.callback, [this.id, token, part.number], () => {
      if (!areFieldsKept) this.grpcPart = null;
    });
    this.grpcPart = null;
  }

  /** Hands the addresses of a name to the plugin, which may be in the middle of a callback. */
  answerName(token: number, addresses: Uint8Array): void {
    this.resolved = new BodyBuffer(addresses, { readOnly: true });
    this.vm.call(this, "envoy_on_resolve_dns", [this.id, token, addresses.length], 0);
    this.resolved = null;
  }

  /** How the last callout ended that did not end well; its text is gone with its callback. */
  get lastStatus(): HostStatus {
    return this.status;
  }

  /** Tells an access logger of a stream that is over. */
  log(stream: HttpStream): void {
    this.loggedStream = stream;
    this.vm.call(this, "proxy_on_log", [this.id], 0);
    this.loggedStream = null;
  }

  /** Tells the plugin that it is to end; it is deleted at once, or when it says that it is done. */
  end(): void {
    this.isEnding = this.vm.call(this, "proxy_on_done", [this.id], 1) === 0;
    if (!this.isEnding) this.delete();
  }

  /** The plugin, which has put its end off, has nothing more to do; false when it has not. */
  done(): boolean {
    if (!this.isEnding) return false;
    this.isEnding = false;
    this.vm.defer(() => this.delete());
    return true;
  }

  get isLogging(): boolean {
    return this.loggedStream !== null;
  }

  readableFields(type: number): HeaderList | null {
    if (this.loggedStream !== null) return this.loggedStream.loggedFields(type);
    const part = this.grpcPart;
    if (part !== null && "fields" in part && part.map === type) return part.fields;
    if (type === HeaderMapType.HttpCallResponseHeaders) return this.callAnswer?.headers ?? null;
    return type === HeaderMapType.HttpCallResponseTrailers ? (this.callAnswer?.trailers ?? null) : null;
  }

  mutableFields(): null {
    return null;
  }

  buffer(type: number): BodyBuffer | null {
    const part = this.grpcPart;
    if (type === BufferType.GrpcReceiveBuffer) return part !== null && "body" in part ? part.body : null;
    if (type === BufferType.CallData) return this.resolved;
    if (type === BufferType.HttpCallResponseBody) return this.callAnswer?.body ?? null;
    if (type === BufferType.VmConfiguration)
      return new BodyBuffer(this.plugin.vmConfiguration, { readOnly: true });
    return type === BufferType.PluginConfiguration ? this.configuration : null;
  }

  /** What an answer shows is gone when its callback has returned, before that is done which the callback asked for. */
  private show(callback: string, parameters: readonly number[], forget: () => void): void {
    const end = (): void => {
      forget();
      this.status = { ...this.status, message: "" };
    };
    this.vm.defer(end);
    this.vm.call(this, callback, parameters, 0);
    end(); // a VM that is dead does nothing of what was put off
  }

  /** Its configuration can be read meanwhile. */
  private during(callback: () => void): void {
    this.configuration = new BodyBuffer(this.plugin.configuration, { readOnly: true });
    callback();
    this.configuration = null;
  }

  private delete(): void {
    this.vm.call(this, "proxy_on_delete", [this.id], 0);
    this.vm.contexts.delete(this.id);
  }

  private mustAccept(callback: string, size: number): void {
    if (!this.isBornDead && !this.vm.has(callback)) return;
    if (this.vm.call(this, callback, [this.id, size], 1) === 1) return;
    const { trap, proxy } = this.vm;
    const causes = proxy.logs
      .slice(Math.max(0, this.linesBefore - proxy.logs.omitted))
      .filter(({ level }) => level === "error" || level === "critical")
      .map(({ message }) => message);
    if (trap !== null) causes.push(trapError(trap).message);
    const configuration = new TextDecoder().decode(this.plugin.configuration);
    if (causes.length === 0) causes.push(`${callback} returned false without a word in the log`);
    throw new HarnessError(
      "configuration_refused",
      `plugin "${this.plugin.name}" ${callback === "proxy_on_configure" ? "refused its configuration" : "refused to start"}: ${causes.join("\n  ")}\n` +
        `Mend the plugin's configuration, or what the filter accepts. It was given${configuration === "" ? " none." : `: ${configuration}`}`,
      trap === null ? {} : { cause: trapError(trap) },
    );
  }
}
