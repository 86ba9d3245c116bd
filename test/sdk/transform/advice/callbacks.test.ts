import { describe, expect, test } from "vitest";
import { adviceOn, besideFilter, placeOf } from "./advice.ts";

describe("callbacks that would not be called", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["a mistyped name", '@httpFilter("a") class A extends HttpFilter { «onRequestHeader(headers: RequestHeaders, endOfStream: bool): Action { return Action.Continue; } }', "A.onRequestHeader is never called: did you mean onRequestHeaders?"],
    ["a name in other letters", '@httpFilter("a") class A extends HttpFilter { «onrequestheaders(headers: RequestHeaders, endOfStream: bool): Action { return Action.Continue; } }', "A.onrequestheaders is never called: did you mean onRequestHeaders?"],
    ["a name of another SDK", '@httpFilter("a") class A extends HttpFilter { «on_http_request_headers(count: i32): Action { return Action.Continue; } }', "A.on_http_request_headers is never called: did you mean onRequestHeaders?"],
    ["a callback of another class", '@httpFilter("a") class A extends HttpFilter { «onTick(): void {} }', "A.onTick is never called: write a class that extends Timer, whose method is onTime, and this.plugin.every(ms, timer)"],
    ["onHttpCallResponse of another SDK", '@httpFilter("a") class A extends HttpFilter { «onHttpCallResponse(): void {} }', "A.onHttpCallResponse is never called: write a class that extends HttpCall, whose method is onResult, and this.call(request, handler)"],
    ["onQueueReady of another SDK", '@httpFilter("a") class A extends HttpFilter { «onQueueReady(): void {} }', "A.onQueueReady is never called: write a class that extends QueueReader, whose method is onMessage, and readQueue(name, reader)"],
    ["onConfigure of another SDK", '@httpFilter("a") class A extends HttpFilter { «onConfigure(): void {} }', "A.onConfigure is never called: write onConfigured of a class that extends Plugin, or read of the configuration's class"],
    ["onPluginStart of another SDK", '@httpFilter("a") class A extends HttpFilter { «onPluginStart(): void {} }', "A.onPluginStart is never called: write onConfigured of a class that extends Plugin, or read of the configuration's class"],
    ["onVmStart of another SDK", '@httpFilter("a") class A extends HttpFilter { «onVmStart(): void {} }', "A.onVmStart is never called: write onConfigured of a class that extends Plugin"],
    ["onStart of another SDK", '@httpFilter("a") class A extends HttpFilter { «onStart(): void {} }', "A.onStart is never called: write onConfigured of a class that extends Plugin"],
    ["onCreate of another SDK", '@httpFilter("a") class A extends HttpFilter { «onCreate(): void {} }', "A.onCreate is never called: write the class's constructor"],
    ["onContextCreate of another SDK", '@httpFilter("a") class A extends HttpFilter { «onContextCreate(): void {} }', "A.onContextCreate is never called: write the class's constructor"],
    ["onDelete of another SDK", '@httpFilter("a") class A extends HttpFilter { «onDelete(): void {} }', "A.onDelete is never called: did you mean onDone?"],
    ["onHttpStreamDone of another SDK", '@httpFilter("a") class A extends HttpFilter { «onHttpStreamDone(): void {} }', "A.onHttpStreamDone is never called: did you mean onDone?"],
    ["a Timer's mistyped name", besideFilter('import { Timer } from "as-proxy-wasm"; export class T extends Timer { «onTick(): void {} }'), "T.onTick is never called: did you mean onTime?"],
    ["a Plugin's mistyped name", besideFilter('import { Plugin } from "as-proxy-wasm"; export class P extends Plugin { «onConfigure(): void {} }'), "P.onConfigure is never called: did you mean onConfigured?"],
    ["a request's callback in an access logger", besideFilter('import { AccessLogger, accessLogger } from "as-proxy-wasm"; @accessLogger("l") class L extends AccessLogger { onLog(): void {} «onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { return Action.Continue; } }'), "L.onRequestHeaders is never called: only a class that extends HttpFilter has this callback"],
    ["a stream's callback in a service", besideFilter('import { Service, service } from "as-proxy-wasm"; @service("s") class S extends Service { «onLog(): void {} }'), "S.onLog is never called: only a class that extends HttpFilter, NetworkFilter or AccessLogger has this callback"],
    ["a connection's callback in an HTTP filter", '@httpFilter("a") class A extends HttpFilter { «onNewConnection(): Action { return Action.Continue; } }', "A.onNewConnection is never called: only a class that extends NetworkFilter has this callback"],
    ["a plugin's callback in a filter", '@httpFilter("a") class A extends HttpFilter { «onConfigured(): void {} }', "A.onConfigured is never called: only a class that extends AccessLogger or Plugin has this callback"],
    ["a stream's callback in a plugin", besideFilter('import { Plugin } from "as-proxy-wasm"; export class P extends Plugin { «onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { return Action.Continue; } }'), "P.onRequestHeaders is never called: only a class that extends HttpFilter has this callback"],
    ["a callout's callback in a timer", besideFilter('import { Timer } from "as-proxy-wasm"; export class T extends Timer { onTime(): void {} «onResult(): void {} }'), "T.onResult is never called: only a class that extends HttpCall or GrpcCall has this callback"],
    ["a static callback", '@httpFilter("a") class A extends HttpFilter { static «onLog(): void {} }', "a static onLog is never called: leave `static` out"],
    ["a private callback", '@httpFilter("a") class A extends HttpFilter { private «onLog(): void {} }', "onLog is called by the SDK: leave `private` or `protected` out"],
    ["no parameters", '@httpFilter("a") class A extends HttpFilter { «onRequestHeaders(): Action { return Action.Continue; } }', "onRequestHeaders is not as the SDK calls it: write `onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action`"],
    ["a parameter of another type", '@httpFilter("a") class A extends HttpFilter { «onResponseHeaders(headers: RequestHeaders, endOfStream: bool): Action { return Action.Continue; } }', "onResponseHeaders is not as the SDK calls it: write `onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action`"],
    ["another result", '@httpFilter("a") class A extends HttpFilter { «onRequestBody(body: Body, endOfStream: bool): void {} }', "onRequestBody is not as the SDK calls it: write `onRequestBody(body: Body, endOfStream: bool): Action`"],
    ["a configuration that reads text", `class C extends Configuration { «read(json: string): void {} }
@httpFilter("a") class A extends HttpFilter<C> {}`, "read is not as the SDK calls it: write `read(json: JsonObject): void`"],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
