import type { OutgoingRequest } from "../message.ts";
import { FilterState } from "./filter-state.ts";
import type { VmThread } from "./vm-thread.ts";

const answered = Promise.resolve();

/** A connection of the client. */
export interface ClientConnection {
  /** What filters are told as `connection.id`: 1 for the first. */
  readonly id: number;
  /** Where its streams run. */
  readonly worker: VmThread;
  /** What filters stored for all of its streams. */
  readonly filterState: FilterState;
}

/**
 * The client's connections, each of which has a worker: a request takes the one that was left last, as the harness's client
 * does with a real Envoy, and opens one when all are in use. Workers take turns.
 */
export class ClientConnections {
  private readonly workers: readonly VmThread[];
  private idle: ClientConnection[] = [];
  private opened = 0;

  constructor(workers: readonly VmThread[]) {
    this.workers = workers;
  }

  /** The connection that gets the next request. */
  take(): ClientConnection {
    return this.idle.pop() ?? this.open();
  }

  /**
   * Leaves the connection of a request that is answered to the next one, unless the request said that it is the last: not
   * before the client has the answer, so that what is sent at once has connections of its own.
   */
  leave(connection: ClientConnection, { headers }: OutgoingRequest): void {
    if (headers.get("connection") !== "close") void answered.then(() => this.idle.push(connection));
  }

  /** A connection of its own. */
  open(): ClientConnection {
    const worker = this.workers[this.opened % this.workers.length];
    if (worker === undefined) throw new RangeError("no workers");
    return { id: ++this.opened, worker, filterState: FilterState.ofConnection() };
  }

  /** The client connects anew. */
  closeAll(): void {
    this.idle = [];
  }
}
