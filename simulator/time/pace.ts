import { nowNs, NS_PER_MS } from './clock';

interface Task {
  due: number;
  /** null once cancelled: it is left in the heap and skipped when its time comes. */
  run: (() => void) | null;
}

/** Taken back by `cancel`. */
export type Appointment = { cancel(): void };

/**
 * Share of the time that may go into waiting for the last part of a millisecond; and how many may be waiting for it to
 * be worth it.
 */
const SPIN_SHARE = 0.1;
const SPIN_TASKS = 32;

/**
 * Runs functions at absolute times (ns of clock.ts), never early.
 *
 * One binary heap and one timer, not a timer a stream: what is due in the same millisecond goes out in one turn of the
 * event loop. A Node timer has 1 ms; with few tasks the rest is waited out with setImmediate, as long as that costs at
 * most 10 % of one core. So one stream is exact to some 50 us and many are about 0.5 ms late (p95 1.1 ms), without
 * burning the core that k6 needs.
 */
export class Pacer {
  readonly #heap: Task[] = [];
  #timer: NodeJS.Timeout | null = null;
  #timerDue = Infinity;
  #running = false;
  #spinning = false;
  #spinFrom = 0;
  #spinLeft = 0;
  #spinEarnedAt = nowNs();
  readonly #turn = (): void => this.#run();

  at(due: number, run: () => void): Appointment {
    const task: Task = { due, run };
    this.#push(task);
    if (!this.#running && !this.#spinning && due < this.#timerDue) this.#wait();
    return {
      cancel: () => {
        task.run = null;
      },
    };
  }

  /** Resolves `ms` from now, at once for 0. */
  sleep(ms: number): Promise<void> {
    return ms <= 0 ? Promise.resolve() : new Promise((resolve) => void this.at(nowNs() + ms * NS_PER_MS, resolve));
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#heap.length = 0;
    this.#spinning = false;
  }

  #run(): void {
    this.#timer = null;
    this.#timerDue = Infinity;
    if (this.#spinning) {
      this.#spinning = false;
      this.#spinLeft -= nowNs() - this.#spinFrom;
    }
    this.#running = true;
    for (let task = this.#heap[0]; task !== undefined; task = this.#heap[0]) {
      if (task.run !== null && task.due > nowNs()) break;
      this.#pop();
      task.run?.();
    }
    this.#running = false;
    this.#wait();
  }

  /** Arms the one timer for the earliest task. */
  #wait(): void {
    const next = this.#heap[0];
    if (next === undefined) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const now = nowNs();
    const left = next.due - now;
    // A Node timer counts whole milliseconds from the loop's cached time, so it fires up to 1 ms before or after what
    // is asked.
    if (left > 1.5 * NS_PER_MS || this.#heap.length > SPIN_TASKS || !this.#maySpin(now)) {
      this.#timerDue = next.due;
      this.#timer = setTimeout(this.#turn, Math.max(1, Math.floor(left / NS_PER_MS - 0.5)));
    } else {
      this.#spinning = true;
      this.#spinFrom = now;
      setImmediate(this.#turn);
    }
  }

  #maySpin(now: number): boolean {
    this.#spinLeft = Math.min(50 * NS_PER_MS, this.#spinLeft + (now - this.#spinEarnedAt) * SPIN_SHARE);
    this.#spinEarnedAt = now;
    return this.#spinLeft > 0;
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Task;
      if (above.due <= task.due) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = task;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as Task).due < (heap[child] as Task).due) child += 1;
      const below = heap[child] as Task;
      if (below.due >= last.due) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}
