/** Runs events one after the other, as a worker's event loop does: what one causes comes after it. */
export class EventLoop {
  private readonly events: Array<() => void> = [];
  private isRunning = false;

  /** Runs an event, and all that it causes, unless one runs already: then after it. */
  post(event: () => void): void {
    if (this.isRunning) this.events.push(event);
    else this.run(event);
  }

  /** Does something now, as part of the event that runs, if one does. */
  within(action: () => void): void {
    if (this.isRunning) action();
    else this.run(action);
  }

  private run(first: () => void): void {
    this.isRunning = true;
    try {
      first();
      while (this.events.length > 0) this.events.shift()?.();
    } finally {
      this.isRunning = false;
    }
  }
}
