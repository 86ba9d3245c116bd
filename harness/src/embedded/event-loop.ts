/** Runs events one after the other, as a worker's event loop does: what one causes comes after it. */
export class EventLoop {
  private readonly events: Array<() => void> = [];
  private isRunning = false;

  /** Runs an event, and all that it causes, unless one runs already: then after it. */
  post(event: () => void): void {
    this.events.push(event);
    if (!this.isRunning) this.drain();
  }

  /** Does something now, as part of the event that runs, if one does. */
  within(action: () => void): void {
    if (this.isRunning) action();
    else this.post(action);
  }

  private drain(): void {
    this.isRunning = true;
    try {
      for (let event = this.events.shift(); event !== undefined; event = this.events.shift()) event();
    } finally {
      this.isRunning = false;
    }
  }
}
