import { HarnessError } from "../errors.ts";
import type { HeaderList } from "../header-list.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { closed, closedLocally, localAnswer, overflown, type GrpcPart } from "./grpc-messages.ts";
import type { GrpcStart } from "./grpc-calls.ts";
import { decodePairs } from "./pairs.ts";
import { decodeFields } from "./protobuf.ts";
import type { RootContext } from "./root-context.ts";
import { Status } from "./status.ts";

const text = new TextDecoder();

/** Chapter gRPC: calls and streams to the scenario's gRPC clusters, answered to the plugin's own context. */
export function grpc(guest: Guest): HostFunctions {
  const { vm } = guest;
  const calls = vm.proxy.grpcCalls;
  /** Of calls and streams that were refused in the callback that runs. */
  let endsToTell = 0;

  function begin(
    { kind, timeoutMs, message }: { kind: GrpcStart["kind"]; timeoutMs: number; message: Uint8Array | null },
    request: Request,
    tokenOut: number,
  ): Status {
    const { root, target, method, metadata } = request;
    if (target === null) return Status.ParseFailure;
    const token = calls.nextToken(vm, kind);
    if (target.cluster === null) throw noTarget(vm.callback);
    const upstream = calls.cluster(target.cluster);
    if (upstream === null) return endLater(root, token, closed(14, "Cluster not available"));
    const authority = target.authority ?? target.cluster;
    const sent = sentMetadata(metadata, timeoutMs);
    const call = calls.start(upstream, token, { kind, root, method, authority, metadata: sent, timeoutMs });
    if (call === null) return overflow(root, token, kind);
    if (message !== null) {
      call.push(message);
      call.halfClose();
    }
    return guest.memory.writeU32(tokenOut, token);
  }

  /** Tells the end when the callback has returned. */
  function endLater(root: RootContext, token: number, end: GrpcPart): Status {
    endsToTell++;
    vm.defer(() => {
      endsToTell--;
      root.answerGrpc(token, end);
    });
    return Status.InternalFailure;
  }

  /** Envoy tells a stream what it is answered within the host call, before its end: what was put off is done then, too. */
  function overflow(root: RootContext, token: number, kind: GrpcStart["kind"]): Status {
    const answer = kind === "stream" ? localAnswer(overflown) : [];
    for (const part of answer.filter(({ callback }) => vm.has(callback))) {
      if (endsToTell > 0) throw endless(vm.callback);
      root.answerGrpc(token, part);
    }
    return endLater(root, token, closedLocally(overflown));
  }

  /** The plugin that acts, which alone knows its calls. */
  const running = (): RootContext | null => vm.context?.root ?? null;

  /** What both begin with; null when some of it is not in the guest's memory. */
  function request(
    service: readonly [number, number],
    name: readonly [number, number],
    method: readonly [number, number],
    metadata: readonly [number, number],
  ): Request | null {
    const blocks = [service, name, method, metadata].map((range) => guest.memory.read(...range));
    const [serviceBytes, nameBytes, methodBytes, pairs] = blocks;
    const root = vm.context?.root;
    if (!serviceBytes || !nameBytes || !methodBytes || !pairs || root === undefined) return null;
    return {
      root,
      target: targetOf(serviceBytes, (cluster) => calls.cluster(cluster) !== null),
      method: `/${text.decode(nameBytes)}/${text.decode(methodBytes)}`,
      metadata: decodePairs(pairs),
    };
  }

  return {
    proxy_grpc_call(
      serviceAt: number,
      serviceLength: number,
      nameAt: number,
      nameLength: number,
      methodAt: number,
      methodLength: number,
      metadataAt: number,
      metadataLength: number,
      messageAt: number,
      messageLength: number,
      timeoutMs: number,
      tokenOut: number,
    ): Status {
      const message = guest.memory.read(messageAt, messageLength);
      const wanted = request(
        [serviceAt, serviceLength],
        [nameAt, nameLength],
        [methodAt, methodLength],
        [metadataAt, metadataLength],
      );
      if (message === null || wanted === null) return Status.InvalidMemoryAccess;
      return begin({ kind: "call", timeoutMs, message }, wanted, tokenOut);
    },

    proxy_grpc_stream(
      serviceAt: number,
      serviceLength: number,
      nameAt: number,
      nameLength: number,
      methodAt: number,
      methodLength: number,
      metadataAt: number,
      metadataLength: number,
      tokenOut: number,
    ): Status {
      const wanted = request(
        [serviceAt, serviceLength],
        [nameAt, nameLength],
        [methodAt, methodLength],
        [metadataAt, metadataLength],
      );
      if (wanted === null) return Status.InvalidMemoryAccess;
      return begin({ kind: "stream", timeoutMs: 0, message: null }, wanted, tokenOut);
    },

    /** Ok also for a stream that one of both sides has ended: nothing is sent then. */
    proxy_grpc_send(token: number, address: number, length: number, endOfStream: number): Status {
      const message = guest.memory.read(address, length);
      if (message === null) return Status.InvalidMemoryAccess;
      if (!calls.isOf("stream", token)) return Status.BadArgument;
      const kept = calls.find(running(), token);
      if (kept === null) return Status.NotFound;
      if (!kept.isHalfClosed && !kept.exchange.hasEnded) kept.exchange.send(message);
      if (endOfStream !== 0) calls.halfClose(kept);
      return Status.Ok;
    },

    proxy_grpc_close(token: number): Status {
      if (!calls.isOf("call", token) && !calls.isOf("stream", token)) return Status.BadArgument;
      const root = running();
      const kept = calls.find(root, token);
      if (root === null || kept === null) return Status.NotFound;
      if (calls.isOf("call", token)) calls.cancel(root, token);
      else {
        calls.halfClose(kept);
        calls.release(root, token);
      }
      return Status.Ok;
    },

    proxy_grpc_cancel(token: number): Status {
      if (!calls.isOf("call", token) && !calls.isOf("stream", token)) return Status.BadArgument;
      const root = running();
      if (root === null || calls.find(root, token) === null) return Status.NotFound;
      calls.cancel(root, token);
      return Status.Ok;
    },

    proxy_get_status(codeOut: number, addressOut: number, lengthOut: number): Status {
      const { code, message } = vm.context?.root.lastStatus ?? { code: 0, message: "" };
      const written = guest.memory.writeU32(codeOut, code);
      if (written !== Status.Ok) return written;
      return guest.memory.give(new TextEncoder().encode(message), addressOut, lengthOut);
    },
  };
}

function endless(callback: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `a gRPC stream beyond the 1,024 that a cluster takes was opened in ${callback}, after another call or stream had been refused ` +
      "in it: Envoy 1.40 puts that one's end off again and again, and its worker is stuck for ever; open one stream a callback, " +
      "or leave out proxy_on_grpc_receive_initial_metadata and proxy_on_grpc_receive_trailing_metadata",
  );
}

function noTarget(callback: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `a gRPC service without envoy_grpc was given in ${callback}: Envoy 1.40 dies of one that has no target, and the embedded backend ` +
      "has no google_grpc; let the service be a serialised GrpcService with envoy_grpc.cluster_name",
  );
}

interface Request {
  readonly root: RootContext;
  /** Null when the service is neither a message nor a cluster. */
  readonly target: Target | null;
  readonly method: string;
  readonly metadata: HeaderList;
}

interface Target {
  /** Null for a message without an `envoy_grpc`. */
  readonly cluster: string | null;
  readonly authority: string | null;
}

/** A serialised `envoy.config.core.v3.GrpcService`, else the name of a cluster: a name that is such a message is one. */
function targetOf(service: Uint8Array, isCluster: (name: string) => boolean): Target | null {
  const message = decodeFields(service);
  const envoyGrpc = message?.get(1);
  const target = envoyGrpc instanceof Uint8Array ? decodeFields(envoyGrpc) : new Map<number, Uint8Array>();
  if (message === null || target === null) {
    const cluster = text.decode(service);
    return isCluster(cluster) ? { cluster, authority: null } : null;
  }
  const cluster = envoyGrpc === undefined ? null : (stringIn(target, 1) ?? "");
  return { cluster, authority: stringIn(target, 2) };
}

function stringIn(fields: ReadonlyMap<number, number | Uint8Array>, field: number): string | null {
  const value = fields.get(field);
  return value instanceof Uint8Array ? text.decode(value) : null;
}

/** What reaches the service: binary values in base64, behind the others, and what Envoy adds. */
function sentMetadata(metadata: HeaderList, timeoutMs: number): HeaderList {
  const sent = metadata.copy();
  for (const [name, value] of metadata)
    if (name.endsWith("-bin")) sent.set(name, Buffer.from(value).toString("base64"));
  sent.add("x-envoy-internal", "true");
  if (timeoutMs > 0) sent.add("x-envoy-expected-rq-timeout-ms", String(timeoutMs));
  return sent;
}
