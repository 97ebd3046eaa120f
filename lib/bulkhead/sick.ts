import { notes } from 'k6/x/sse';
import type { Context } from '../load';
import { deploymentOf, patchProvider, readTruth, remember, remembered, type RequestNote } from '../truth';
import { slowMs } from './phases';

/*
 * Makes one provider slow or hung on the simulator: all deployments that answered the sick model's requests while all
 * was well.
 */

/** For the start of each phase. */
export function makeSick(phase: string, context: Context): void {
  const { p } = context;
  const sick = p.models[0]!;
  if (p.providerUrl === undefined) {
    const told =
      {
        slow: `make ${sick} slow: ${slowMs} ms to the first token`,
        hung: `make ${sick} hang: accept requests and answer nothing`,
      }[phase] ?? `${sick} is to be well`;
    console.warn(`now, phase ${phase}: ${told}`);
    return;
  }
  if (phase === 'slow') change(context, p.providerUrl, { ttft_ms: slowMs });
  else if (phase === 'hung') change(context, p.providerUrl, { failure_share: 1, failure: 'hang_before' });
  else cureSick(context);
}

/** Takes back what makeSick did. */
export function cureSick({ p }: Context): void {
  const changed = remembered('sick');
  if (p.providerUrl !== undefined && changed !== undefined)
    lay(p.providerUrl, changed.split(' '), { ttft_ms: null, failure_share: null, failure: null });
}

function change({ p, run }: Context, providerUrl: string, settings: object): void {
  let names = remembered('sick')?.split(' ');
  if (!names) {
    const read = readTruth(providerUrl, run);
    if ('failure' in read) throw new Error(read.failure);
    const asked = new Set(
      notes()
        .kept.filter((text) => text.startsWith('{"id"'))
        .map((text) => JSON.parse(text) as RequestNote)
        .filter((note) => note.model === p.models[0])
        .map((note) => note.id),
    );
    names = [...new Set(read.records.filter((record) => asked.has(record.id ?? '')).map(deploymentOf))];
    if (names.length === 0)
      throw new Error(
        `no request for ${p.models[0]} reached the simulated provider ${providerUrl}, so there is nothing to make slow`,
      );
    remember('sick', names.join(' '));
  }
  lay(providerUrl, names, settings);
}

function lay(providerUrl: string, names: readonly string[], settings: object): void {
  patchProvider(providerUrl, { provider: { deployments: Object.fromEntries(names.map((name) => [name, settings])) } });
}
