import { type GuestMemory, Misdeed } from "./guest-memory.ts";
import { type HostState, Status } from "./state.ts";

const COUNTER = 0;
const GAUGE = 1;

/** Shared data and shared queues. */
export function sharedCalls(state: HostState, guest: () => GuestMemory) {
  const queueOf = (token: number): string[] | undefined => [...state.queues.values()][token - 1];
  const tokenOf = (name: string): number => [...state.queues.keys()].indexOf(name) + 1;
  return {
    proxy_get_shared_data: (at: number, length: number, out: number, lengthOut: number, casOut: number) => {
      const known = state.shared.get(guest().text(at, length));
      if (known === undefined) return Status.NotFound;
      if (!guest().give(known.value, out, lengthOut)) return Status.InvalidMemoryAccess;
      guest().writeU32(casOut, known.cas);
      return Status.Ok;
    },
    proxy_set_shared_data: (
      at: number,
      length: number,
      valueAt: number,
      valueLength: number,
      cas: number,
    ) => {
      const key = guest().text(at, length);
      const value = guest().text(valueAt, valueLength);
      letRivalStore(state, key);
      const known = state.shared.get(key);
      if (known !== undefined && cas !== 0 && cas >>> 0 !== known.cas) return Status.CasMismatch;
      state.shared.set(key, { value, cas: (known?.cas ?? 0) + 1 });
      return Status.Ok;
    },
    proxy_register_shared_queue: (at: number, length: number, out: number) => {
      const name = guest().text(at, length);
      if (!state.queues.has(name)) state.queues.set(name, []);
      guest().writeU32(out, tokenOf(name));
      return Status.Ok;
    },
    proxy_resolve_shared_queue: (_: number, __: number, at: number, length: number, out: number) => {
      const token = tokenOf(guest().text(at, length));
      guest().writeU32(out, token);
      return token === 0 ? Status.NotFound : Status.Ok;
    },
    proxy_enqueue_shared_queue: (token: number, at: number, length: number) => {
      queueOf(token)?.push(guest().text(at, length));
      return Status.Ok;
    },
    proxy_dequeue_shared_queue: (token: number, out: number, lengthOut: number) => {
      const message = queueOf(token)?.shift();
      if (message === undefined) return Status.Empty;
      return guest().give(message, out, lengthOut) ? Status.Ok : Status.InvalidMemoryAccess;
    },
  };
}

function letRivalStore(state: HostState, key: string): void {
  if (state.rivals === 0) return;
  const known = state.shared.get(key);
  state.rivals--;
  state.shared.set(key, { value: `${known?.value ?? ""}+`, cas: (known?.cas ?? 0) + 1 });
}

/** Metrics: a gauge that falls below zero, or a counter that does not grow, is a misdeed, and so is an unsafe name. */
export function metricCalls(state: HostState, guest: () => GuestMemory) {
  return {
    proxy_define_metric: (type: number, at: number, length: number, out: number) => {
      const name = guest().text(at, length);
      if (!/^[a-z0-9_.]+(\{[a-z_]+=[ !#-$&-\[\]-z|~]*(%[0-9A-F]{2}[ !#-$&-\[\]-z|~]*)*\})*$/.test(name))
        throw new Misdeed(`a metric called ${JSON.stringify(name)}`);
      guest().writeU32(out, state.metrics.push({ type, name, value: 0n }) - 1);
      return Status.Ok;
    },
    proxy_increment_metric: (id: number, by: bigint) => {
      const metric = state.metrics[id];
      if (metric === undefined) return Status.NotFound;
      if (metric.type > GAUGE || (metric.type === COUNTER && by <= 0n))
        throw new Misdeed(`${metric.name} += ${by}`);
      metric.value += by;
      if (metric.value < 0n) throw new Misdeed(`${metric.name} is ${metric.value}`);
      return Status.Ok;
    },
    proxy_record_metric: (id: number, value: bigint) => {
      const metric = state.metrics[id];
      if (metric === undefined) return Status.NotFound;
      if (metric.type === COUNTER) throw new Misdeed(`${metric.name} was recorded`);
      metric.value = BigInt.asUintN(64, value);
      return Status.Ok;
    },
  };
}
