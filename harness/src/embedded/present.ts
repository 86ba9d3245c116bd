// What comes and goes with each stream. V8's own Map and Set link each table that they have outgrown to the next one: once
// one is old, all that ever was in the ones behind it stays until a full collection, 11 KB for a request.

/** Things in the order in which they came, in which most of them go, too. */
export class Present<T> {
  private readonly items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  add(item: T): void {
    this.items.push(item);
  }

  delete(item: T): void {
    this.removeAt(this.items.indexOf(item));
  }

  /** Takes away the first that is wanted; undefined when none is. */
  take(isWanted: (item: T) => boolean): T | undefined {
    return this.removeAt(this.items.findIndex(isWanted));
  }

  private removeAt(index: number): T | undefined {
    if (index === 0) return this.items.shift();
    return index < 0 ? undefined : this.items.splice(index, 1)[0];
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.items[Symbol.iterator]();
  }
}

/** Things by their own numbers, in the order of these, in which most of them come. */
export class PresentById<T extends { readonly id: number }> {
  private readonly items: T[] = [];

  get(id: number): T | undefined {
    const item = this.items[this.placeOf(id)];
    return item?.id === id ? item : undefined;
  }

  /** Adds one whose number no other has. */
  add(item: T): void {
    const place = this.placeOf(item.id);
    if (place === this.items.length) this.items.push(item);
    else this.items.splice(place, 0, item);
  }

  delete(id: number): void {
    const place = this.placeOf(id);
    if (this.items[place]?.id !== id) return;
    if (place === this.items.length - 1) this.items.pop();
    else this.items.splice(place, 1);
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.items[Symbol.iterator]();
  }

  /** Of the first whose number is not smaller. */
  private placeOf(id: number): number {
    const { items } = this;
    let [first, end] = [0, items.length];
    while (first < end) {
      const middle = (first + end) >> 1;
      if ((items[middle]?.id ?? 0) < id) first = middle + 1;
      else end = middle;
    }
    return first;
  }
}
