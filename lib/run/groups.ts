import type { StreamRecord } from 'k6/x/sse';
import { note, notes } from '../journal';
import { arrivals } from '../load';
import type { GroupNote } from '../truth';
import type { Call } from '../workload';
import type { Feature } from './test';

/**
 * Requests come in groups of so many at the same moment, and each is noted with its group. The workload is told the
 * place of each request in its phase; the tag `size` of its call says its role.
 */
export function inGroups(size: number): Feature {
  const first = new Map<string, number>();
  return {
    plan(draft) {
      draft.burst = size;
      for (const [i, { name }] of draft.load.entries())
        first.set(name, Math.ceil(arrivals(draft.load.slice(0, i)) - 1e-6));
    },
    choose(choice) {
      const { phase, index } = choice.arrival;
      choice.place = index - (first.get(phase) ?? 0);
    },
    answered(answer, { call, arrival: { phase, scheduled } }) {
      note('group', noteOfGroup(answer, call, phase, scheduled));
    },
    observe(evidence) {
      const { kept, lost } = notes('group');
      evidence.groups = kept;
      if (lost > 0) evidence.doubts.push(`${lost} requests could not be noted: too many for the memory kept for it`);
    },
  };
}

const roles = ['aggressor', 'bystander', 'victim'] as const;

function noteOfGroup(answer: StreamRecord, call: Call, phase: string, at: number): GroupNote {
  const kind = call.kind === 'chat' ? (call.plain ? 'plain' : 'stream') : call.kind === 'models' ? 'list' : call.kind;
  const { offsets, outcome, ttft, e2e } = answer;
  let gap = -1;
  for (let i = 1; i < offsets.length; i++) gap = Math.max(gap, offsets[i]! - offsets[i - 1]!);
  const role = roles.find((each) => each === call.size) ?? 'victim';
  return { phase, at, role, kind, ok: outcome === 'ok', ms: kind === 'stream' ? ttft : e2e, gap };
}
