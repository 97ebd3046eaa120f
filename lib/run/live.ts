import { showLive } from 'k6/x/sse';
import type { LiveHead } from '../report';
import { unmeasured } from '../verdict';
import type { Plan, TestDef } from './test';

/** Begins what the live page shows (npm run live), where it is asked for: says what is run, and by what it is judged. */
export function beginLive(
  { script }: TestDef,
  { p, load, closed, objectives, slotSeconds }: Plan,
  runId: string,
): void {
  let at = 0;
  const head: LiveHead = {
    script,
    folder: `${p.out}/${runId}`,
    slot_seconds: slotSeconds,
    profile: { phases: load, arrivals: closed ? 'closed' : p.arrivals },
    phases: load.map(({ name, climbSeconds, holdSeconds }) => {
      const start_s = at;
      at += climbSeconds + holdSeconds;
      return { phase: name, start_s, end_s: at };
    }),
    objectives: objectives.objectives.map(unmeasured),
  };
  showLive(JSON.stringify(head));
}
