/** What has come and nobody has taken yet, in its order; how it ended comes last. */
export class MessageQueue<T, End> {
  private readonly pending: T[] = [];
  private readonly ending: PromiseWithResolvers<End> = Promise.withResolvers();
  private waiting: Array<() => void> = [];
  private end: End | null = null;

  /** How it ended, or null while more can come. */
  get ended(): End | null {
    return this.end;
  }

  /** Resolves with how it ended. */
  finished(): Promise<End> {
    return this.ending.promise;
  }

  push(message: T): void {
    this.pending.push(message);
    this.wake();
  }

  /** Nothing more will come; only the first word of it counts. */
  finish(end: End): void {
    this.end ??= end;
    this.ending.resolve(this.end);
    this.wake();
  }

  /** Takes the next one. Refused with what `isOver` makes of the end when none is left. */
  async next(isOver: (end: End) => Error): Promise<T> {
    for await (const message of this.take()) return message;
    throw isOver(await this.finished());
  }

  /** Takes them as they come, until the end. */
  async *take(): AsyncGenerator<T, void> {
    for (;;) {
      const message = this.pending.shift();
      if (message !== undefined) yield message;
      else if (this.end !== null) return;
      else await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
