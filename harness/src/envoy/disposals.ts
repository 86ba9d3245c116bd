/** Things to dispose of, the last one first. Node 22 has no AsyncDisposableStack. */
export class Disposals implements AsyncDisposable {
  private readonly items: Array<Disposable | AsyncDisposable> = [];

  add<T extends Disposable | AsyncDisposable>(item: T): T {
    this.items.push(item);
    return item;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const item of this.items.splice(0).reverse()) {
      if (Symbol.asyncDispose in item) await item[Symbol.asyncDispose]();
      else item[Symbol.dispose]();
    }
  }
}
