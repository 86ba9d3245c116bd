const now = performance.now.bind(performance); // a test may put another clock in its place
/** Milliseconds that this thread had of a processor; of the whole process in a Node before 22.19. */
const cpuMs = (): number => {
  const { user, system } = (process.threadCpuUsage ?? process.cpuUsage).call(process);
  return (user + system) / 1_000;
};

/** How often host calls look at the clock. */
const callsBetweenLooks = 16;

/**
 * How long the callbacks of a VM may run, in milliseconds of real time. On a machine that is busy with something else a
 * callback gets more, until the processor has worked on it for half of them. The time is looked at only by the checks in
 * the guest's loops and at host calls: a short callback costs nothing.
 */
export class CallbackLimit {
  readonly ms: number;
  private startedAt: number | null = null;
  /** Taken when a tenth of the time has passed: to ask for it takes longer than most callbacks. */
  private cpuAtTenth: number | null = null;
  private calls = 0;
  private isOver = false;

  constructor(ms: number) {
    this.ms = ms;
  }

  /** A callback ran too long. It stays so: the VM is dead. */
  get isPassed(): boolean {
    return this.isOver;
  }

  /** The outermost callback begins. */
  begin(): void {
    this.startedAt = null;
    this.cpuAtTenth = null;
  }

  /** What a check in the guest is told: 1 is that it must trap, which the guest cannot catch. */
  ask(): number {
    const time = now();
    this.startedAt ??= time;
    const passed = time - this.startedAt;
    if (passed > this.ms / 10) {
      this.cpuAtTenth ??= cpuMs();
      this.isOver ||= passed > this.ms && cpuMs() - this.cpuAtTenth > this.ms / 2;
    }
    return Number(this.isOver);
  }

  /** Throws when the time is over; a guest that catches it traps at its next check. */
  enterHostCall(): void {
    if (this.isOver || (++this.calls % callsBetweenLooks === 0 && this.ask() === 1)) this.refuse();
  }

  /** Throws for a callback that returns although its time was over. */
  end(): void {
    if (this.isOver) this.refuse();
  }

  private refuse(): never {
    throw new WebAssembly.RuntimeError("the callback ran too long");
  }
}
