import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { HeaderList } from "../header-list.ts";
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
  private readonly declared = new Set<string>();
  private configuration: BodyBuffer | null = null;
  private callAnswer: CalloutAnswer | null = null;
  private loggedStream: HttpStream | null = null;
  private isEnding = false;
  private grpcPart: GrpcPart | null = null;
  private status: HostStatus = { code: Status.Ok, message: "" };

  private constructor(vm: Vm, plugin: Plugin) {
    this.id = vm.nextContextId();
    this.plugin = plugin;
    this.vm = vm;
  }

  /** Creates and configures a plugin's context. Refused with `configuration_refused`, the filter's own words first. */
  static start(vm: Vm, plugin: Plugin): RootContext {
    const root = new RootContext(vm, plugin);
    vm.contexts.set(root.id, root);
    vm.call(root, "proxy_on_context_create", [root.id, 0], 0);
    root.mustAccept("proxy_on_vm_start", plugin.vmConfiguration.length);
    root.configuration = new BodyBuffer(plugin.configuration, { readOnly: true });
    root.mustAccept("proxy_on_configure", plugin.configuration.length);
    root.configuration = null;
    return root;
  }

  get root(): RootContext {
    return this;
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
    this.vm.call(this, "proxy_on_http_call_response", parameters, 0);
    this.callAnswer = null;
    this.status = { ...this.status, message: "" };
  }

  /** Hands a part of the answer to a gRPC call to the plugin, from which every context of it can read it. */
  answerGrpc(token: number, part: GrpcPart): void {
    this.grpcPart = part;
    if (part.callback === "proxy_on_grpc_close") this.status = { code: part.number, message: part.message };
    this.vm.call(this, part.callback, [this.id, token, part.number], 0);
    this.status = { ...this.status, message: "" };
    this.grpcPart = null;
  }

  /** How the last callout ended that did not end well; its text is gone with its callback. */
  get lastStatus(): HostStatus {
    return this.status;
  }

  /** Notes a property that its streams may set; false when it is declared already. */
  declare(property: string): boolean {
    if (this.declared.has(property)) return false;
    this.declared.add(property);
    return true;
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
    if (type === BufferType.HttpCallResponseBody) return this.callAnswer?.body ?? null;
    if (type === BufferType.VmConfiguration)
      return new BodyBuffer(this.plugin.vmConfiguration, { readOnly: true });
    return type === BufferType.PluginConfiguration ? this.configuration : null;
  }

  private delete(): void {
    this.vm.call(this, "proxy_on_delete", [this.id], 0);
    this.vm.contexts.delete(this.id);
  }

  private mustAccept(callback: string, size: number): void {
    if (this.vm.call(this, callback, [this.id, size], 1) === 1) return;
    const { logs, traps } = this.vm.proxy;
    const trap = traps.at(-1);
    const causes = logs
      .filter(({ level }) => level === "error" || level === "critical")
      .map(({ message }) => message);
    if (trap !== undefined) causes.push(trapError(trap).message);
    if (causes.length === 0) causes.push(`${callback} returned false without a word in the log`);
    throw new HarnessError(
      "configuration_refused",
      `plugin "${this.plugin.name}" ${callback === "proxy_on_configure" ? "refused its configuration" : "refused to start"}: ${causes.join("\n  ")}\n` +
        `Mend the plugin's configuration, or what the filter accepts. It was given: ${new TextDecoder().decode(this.plugin.configuration)}`,
    );
  }
}
