import type { Socket } from 'node:net';
import type { Exchange } from '../../http/exchange';
import { integer, number, shape } from '../../settings/check';
import type { Pacer } from '../../time/pace';
import { MAX_MS, type Family } from './family';

/** What stands between a client and the instances of the gateway. */
export interface InstanceFlaws {
  /**
   * So many instances in name (0: nothing tells of any), each named in the header x-instance. A connection belongs to the
   * next one in turn, or to the first one by the share `first_share` where that is above 0. The last one is slower by
   * `slow_ms`.
   */
  readonly instances: { readonly count: number; readonly first_share: number; readonly slow_ms: number };
  /** A connection is closed after so many answers; 0: it is kept. */
  readonly answers_per_connection: number;
}

export const instances: Family<InstanceFlaws> = {
  instances: {
    off: { count: 0, first_share: 0, slow_ms: 0 },
    check: shape({ count: integer(0, 64), first_share: number(0, 1), slow_ms: number(0, MAX_MS) }),
  },
  answers_per_connection: { off: 0, check: integer(0, 1e6) },
};

/** The balancer before the instances. One for a gateway. */
export class Balancer {
  readonly #instanceOf = new WeakMap<Socket, number>();
  readonly #answers = new WeakMap<Socket, number>();
  #taken = 0;

  constructor(private readonly pacer: Pacer) {}

  /** Names the instance in the answer's headers, and is done when a slow one has had its time. */
  async enter({ request, response }: Exchange, flaws: InstanceFlaws): Promise<void> {
    const { socket } = request;
    const { answers_per_connection: most, instances: set } = flaws;
    if (most > 0) {
      const answers = (this.#answers.get(socket) ?? 0) + 1;
      this.#answers.set(socket, answers);
      if (answers >= most) response.setHeader('connection', 'close');
    }
    if (set.count === 0) return;
    const known = this.#instanceOf.get(socket);
    const instance = known !== undefined && known < set.count ? known : this.#next(set);
    this.#instanceOf.set(socket, instance);
    response.setHeader('x-instance', `gateway-${instance + 1}`);
    if (set.slow_ms > 0 && instance === set.count - 1) await this.pacer.sleep(set.slow_ms);
  }

  #next({ count, first_share: share }: InstanceFlaws['instances']): number {
    const turn = this.#taken++;
    if (share === 0 || count === 1) return turn % count;
    return (turn * 0.618_033_988_75) % 1 < share ? 0 : 1 + (turn % (count - 1));
  }
}
