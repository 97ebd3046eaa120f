/** What waits for a time, ns of clock.ts. */
interface Waiting {
  readonly due: number;
}

/** Streams by the time at which their next event is due: a binary heap. */
export class Due<Stream extends Waiting> {
  readonly #heap: Stream[] = [];

  get next(): Stream | undefined {
    return this.#heap[0];
  }

  add(stream: Stream): void {
    let at = this.#heap.push(stream) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#heap[parent]!;
      if (above.due <= stream.due) break;
      this.#heap[at] = above;
      at = parent;
    }
    this.#heap[at] = stream;
  }

  /** Puts the first, whose due time was made later, where it belongs. */
  sinkFirst(): void {
    this.#sink(this.#heap[0]!);
  }

  removeFirst(): void {
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#sink(last);
  }

  #sink(stream: Stream): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.due < heap[child]!.due) child += 1;
      if (heap[child]!.due >= stream.due) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = stream;
  }
}
