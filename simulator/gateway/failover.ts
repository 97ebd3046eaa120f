import { nowNs, NS_PER_MS } from '../time/clock';
import type { Deployment, Failover, GatewayModel } from '../settings/types';
import { NO_REGION } from '../settings/deployments';
import type { Random } from '../generation/random';

/** A deployment's name in the breakers' book. */
export function keyOf({ region, provider_model: model }: Deployment): string {
  return `${region}/${model}`;
}

/** A model without deployments has one: its own. */
export function deploymentsOf({ deployments, provider_model }: GatewayModel): readonly Deployment[] {
  return deployments.length > 0 ? deployments : [{ provider_model, region: NO_REGION, weight: 1 }];
}

/** A deployment chosen for one call, and whether the call is to find out if it is well again. */
export interface Choice {
  readonly deployment: Deployment;
  readonly probe: boolean;
}

interface State {
  failures: number;
  /** Open until then, ns; null: closed. */
  openUntil: number | null;
  probing: boolean;
  /** Calls that have no answer yet: what a herd gives up all at once. */
  readonly waiting: Set<() => void>;
}

/**
 * A circuit breaker for each deployment: closed, open after so many failures in a row, half open when the time for a
 * probe has come (one call is let through; it closes the breaker or opens it again).
 */
export class Breakers {
  readonly #states = new Map<string, State>();

  clear(): void {
    this.#states.clear();
  }

  /**
   * By weight among those that are well, the first of the others when none has a weight; a broken one only when there
   * is nothing else. Undefined: none is left.
   */
  pick(left: readonly Deployment[], failover: Failover, random: Random): Choice | undefined {
    const well = left.filter((each) => this.#open(each, failover));
    const among = well.length > 0 ? well : left;
    const total = among.reduce((sum, { weight }) => sum + weight, 0);
    let at = random() * total;
    const deployment =
      total === 0 ? among[0] : (among.find(({ weight }) => (at -= weight) < 0) ?? among[among.length - 1]);
    if (deployment === undefined) return undefined;
    const state = this.#of(deployment);
    const probe = state.openUntil !== null && well.length > 0;
    if (probe) state.probing = true;
    return { deployment, probe };
  }

  /** Whether calls may go there: closed, or due for a probe that is not under way. */
  #open(deployment: Deployment, { fails_back, herd }: Failover): boolean {
    const { openUntil, probing } = this.#of(deployment);
    if (openUntil === null) return true;
    return fails_back && nowNs() >= openUntil && (!probing || herd);
  }

  /**
   * Notes a call that waits for its answer; `giveUp` is called when a herd leaves the deployment. Gives the function
   * that ends the wait.
   */
  wait(deployment: Deployment, giveUp: () => void): () => void {
    const { waiting } = this.#of(deployment);
    waiting.add(giveUp);
    return () => void waiting.delete(giveUp);
  }

  /** How a call ended; null: the client left, which says nothing. */
  over({ deployment, probe }: Choice, well: boolean | null, { breaker, herd }: Failover): void {
    const state = this.#of(deployment);
    if (probe) state.probing = false;
    if (well === null || breaker.failures === 0) return;
    if (well) {
      if (state.openUntil === null || probe) Object.assign(state, { failures: 0, openUntil: null });
      return;
    }
    state.failures += 1;
    const opens = probe || (state.openUntil === null && state.failures >= breaker.failures);
    if (!opens) return;
    state.openUntil = nowNs() + breaker.probe_ms * NS_PER_MS;
    if (herd) for (const giveUp of [...state.waiting]) giveUp();
  }

  #of(deployment: Deployment): State {
    const key = keyOf(deployment);
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const fresh: State = { failures: 0, openUntil: null, probing: false, waiting: new Set() };
    this.#states.set(key, fresh);
    return fresh;
  }
}
