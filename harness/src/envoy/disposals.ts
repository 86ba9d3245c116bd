/** Things to dispose of, the last one first. Node 22 has no AsyncDisposableStack. */
export class Disposals implements AsyncDisposable {
  private readonly items: Array<Disposable | AsyncDisposable> = [];

  add<T extends Disposable | AsyncDisposable>(item: T): T {
    this.items.push(item);
    return item;
  }

  /** What is made at the same time, in this order; when one of them fails, the others are here nevertheless. */
  async addTogether<T extends ReadonlyArray<Disposable | AsyncDisposable>>(
    ...making: { readonly [I in keyof T]: Promise<T[I]> }
  ): Promise<T> {
    for (const one of await Promise.allSettled(making)) if (one.status === "fulfilled") this.add(one.value);
    return Promise.all(making) as Promise<unknown> as Promise<T>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const item of this.items.splice(0).reverse()) {
      if (Symbol.asyncDispose in item) await item[Symbol.asyncDispose]();
      else item[Symbol.dispose]();
    }
  }
}
