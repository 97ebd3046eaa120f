import { figure, labelOf, rowText, scopeOf, sentOf, unitOf, wanted, type RunRecord } from '../summary';
import { reasonLine, type ObjectiveResult } from '../verdict';
import type { Document } from './document';

const meanings: Record<RunRecord['verdict'], string> = {
  PASS: 'The target met every objective, and there is enough evidence for it.',
  FAIL: 'The target missed at least one objective, and there is enough evidence for it.',
  INVALID: 'This run says nothing about the target. The reasons stand below.',
};

type Head = Pick<Document, 'title' | 'script' | 'row' | 'verdict' | 'meaning' | 'reasons' | 'sent' | 'figures'>;

/** What a manager reads first. */
export function headOf(run: RunRecord): Head {
  return {
    title: `${run.script}: ${run.verdict}`,
    script: run.script,
    row: rowText(run),
    verdict: run.verdict,
    meaning: meanings[run.verdict],
    reasons: run.reasons.map(reasonLine),
    sent: sentOf(run),
    figures: figuresOf(run),
  };
}

const urgency = (o: ObjectiveResult) => ['missed', 'too close', 'too few', 'ok', 'not judged'].indexOf(o.state);

/** The three figures that matter: objectives, those that are missed first; filled up with what everybody asks for. */
function figuresOf(run: RunRecord): Document['figures'] {
  const judged = run.objectives
    .filter(({ measured }) => measured !== null)
    .map((o, i) => ({ o, i }))
    .sort((a, b) => urgency(a.o) - urgency(b.o) || a.i - b.i)
    .map(({ o }) => ({
      name: scopeOf(o) === 'all requests' ? labelOf(o) : `${labelOf(o)} (${scopeOf(o)})`,
      value: figure(o.measured!, unitOf(o, run.findings), o.interval),
      wanted: wanted(o, run.findings),
      state: o.state,
    }));
  return [...judged, ...usual(run, judged)].slice(0, 3);
}

function usual(run: RunRecord, shown: Document['figures']): Document['figures'] {
  const ended = run.counts.finished + run.counts.failed;
  if (ended === 0) return [];
  const all = (metric: 'llm_ttft' | 'llm_e2e') =>
    run.metrics[metric]?.find(({ tags }) => tags.kind === 'chat' && Object.keys(tags).length === 1);
  const made = [
    { name: 'errors', value: figure(run.counts.failed / ended, 'share') },
    ...(['llm_ttft', 'llm_e2e'] as const).flatMap((metric) => {
      const p50 = all(metric)?.p50;
      const name = metric === 'llm_ttft' ? 'median time to first token, chats' : 'median response time, chats';
      return typeof p50 === 'number' ? [{ name, value: figure(p50, 'ms') }] : [];
    }),
  ];
  return made
    .filter(({ name }) => !shown.some((each) => each.name === name))
    .map((each) => ({ ...each, wanted: '', state: '' }));
}
