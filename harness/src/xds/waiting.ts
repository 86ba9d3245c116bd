/** Lets one party wait for what others report. */
export class Waiting {
  private next = Promise.withResolvers<null>();

  /** Something may have changed. */
  notify(): void {
    this.next.resolve(null);
    this.next = Promise.withResolvers();
  }

  /** Resolves when `isDone` holds, which is asked after each report; with false when the signal comes first. */
  async until(isDone: () => boolean, signal: AbortSignal): Promise<boolean> {
    const wake = (): void => this.notify();
    signal.addEventListener("abort", wake);
    try {
      while (!isDone()) {
        if (signal.aborted) return false;
        await this.next.promise;
      }
      return true;
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }
}
