import type { Finding } from '../../measurements';
import { ascending, medianOf, quantileOf, sumOf } from '../../statistics';
import type { Observed } from '../observed';
import { faults } from './phases';
import { unwellIn } from './view';
import { count, ms } from './words';

/** With a real provider behind the gateway: what the client alone can tell. */
export function fromOutside({ requests }: Observed): readonly Finding[] {
  // Only streams have a first token, which is what is looked at; plain calls and embeddings are told of without them.
  const streams = requests.filter(({ plain, embedding }) => !plain && !embedding);
  const sorted = [...(streams.length > 0 ? streams : requests)].sort((a, b) => a.sent - b.sent);
  const of = (phase: string) => sorted.filter((request) => request.phase === phase);
  const ok = (request: (typeof sorted)[number]) => request.outcome === 'ok';
  const usual = ascending(
    of('before')
      .filter(ok)
      .map((request) => request.ttft),
  );
  const normal = medianOf(usual) ?? 0;
  const slow = 2 * (quantileOf(usual, 0.95) ?? Infinity);
  const rows = Object.keys(faults)
    .filter((fault) => of(fault).length > 0 && !faults[fault]!.everywhere)
    .map((fault) => {
      const during = of(fault);
      const bad = during.find((request) => !ok(request) || request.ttft > slow);
      const answers = bad
        ? during
            .filter((request) => request.sent >= bad.sent && ok(request))
            .map((request) => request.sent + request.ttft - bad.sent - normal)
        : [];
      return {
        fault,
        requests: during.length,
        ttft: medianOf(during.filter(ok).map((request) => request.ttft)),
        lost: during.filter((request) => !ok(request) && request.chunks === 0).length,
        broken: during.filter((request) => !ok(request) && request.chunks > 0).length,
        switch: !bad ? 0 : answers.length > 0 ? Math.max(0, Math.min(...answers)) : null,
      };
    });
  const all = (key: 'lost' | 'broken') => sumOf(rows.map((row) => row[key]));
  const early = rows.filter((row) => faults[row.fault]!.early);
  const unwell = unwellIn(of('before'));
  const unanswered = unwell ? [] : early.filter((row) => row.switch === null);
  const slowest = Math.max(0, ...early.map((row) => row.switch ?? 0));
  const table = {
    head: ['fault', 'requests', 'lost', 'broken', 'ttft p50', 'switch'],
    rows: rows.map((row) => [
      row.fault,
      String(row.requests),
      String(row.lost),
      String(row.broken),
      ms(row.ttft),
      ms(row.switch),
    ]),
  };
  return [
    {
      id: 'failover',
      value: null,
      unit: 'share',
      text: 'this run shows only what a client sees: which provider answered, and how often it was asked, is known only with a simulated provider (PROVIDER_URL)',
      table,
    },
    {
      id: 'time-to-switch',
      unit: 'ms',
      value: unwell || unanswered.length > 0 || early.length === 0 ? null : slowest,
      missed: unanswered.length > 0,
      text: unwell
        ? `the time to switch cannot be said: ${unwell}`
        : unanswered.length > 0
          ? `there is no failover: in phase ${unanswered.map((row) => row.fault).join(', ')} no request was answered after the first that failed`
          : `time to switch: ${ms(slowest)} at worst, from the first failed or slow request to the next good first token, beyond the ${ms(normal)} while all was well`,
    },
    {
      id: 'requests-lost',
      value: all('lost'),
      unit: 'requests',
      text: `${count(all('lost'), 'request')} got no answer at all`,
    },
    {
      id: 'streams-broken',
      value: all('broken'),
      unit: 'requests',
      text: `${count(all('broken'), 'stream')} broke in the middle`,
    },
  ];
}
