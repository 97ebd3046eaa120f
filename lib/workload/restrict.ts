import { ParameterError, requestKinds, type Parameters } from '../config';
import type { Random } from '../statistics';
import { drawnTexts } from './data';
import type { Call, Kind, Workload } from './mix';

/*
 * A workload as the parameters want it.
 */

const names: Record<Kind, string> = {
  chat: 'chats',
  embedding: 'embeddings',
  models: 'requests for the model list',
  refused: 'requests that are to be refused',
};

/** Sizes that only one kind of request has. */
const kindOfSize: Readonly<Record<string, Kind>> = { single: 'embedding', batch: 'embedding', list: 'models' };

/**
 * A workload with the kinds of KINDS alone, and what the run says of that; "" when nothing is left out. `from`: who says
 * which kinds there are, where it is not KINDS.
 */
export function restricted(
  script: string,
  workload: Workload,
  kinds: Parameters['kinds'],
  from?: string,
): [Workload, note: string] {
  if (kinds === undefined) return [workload, ''];
  // What is to be refused goes to the chats' route.
  const wanted: Kind[] = kinds.includes('chat') ? [...kinds, 'refused'] : kinds;
  const out = workload.kinds.filter((kind) => !wanted.includes(kind));
  if (out.length === 0) return [workload, ''];
  const given = `KINDS=${kinds.join(',')}`;
  const listed = out.map((kind) => names[kind]).join(' and ');
  const cannot =
    from === undefined ? `${given} cannot be used with ${script}` : `${script} cannot be run against ${from}`;
  if (out.length === workload.kinds.length)
    throw new ParameterError(
      from === undefined
        ? `${cannot}: it sends ${workload.kinds.map((kind) => names[kind]).join(', ')} only`
        : `${cannot}: it sends ${workload.kinds.map((kind) => names[kind]).join(', ')} only, and that target has none (its routes are null)`,
    );
  if (!workload.only)
    throw new ParameterError(
      `${cannot}: its ${listed} are part of what it looks for${from === undefined ? '' : ', and that target has none (its routes are null)'}`,
    );
  const { workload: rest, left } = workload.only(wanted);
  const note = `${from ?? given}: the ${out.map((kind) => names[kind]).join(' and the ')} are left out, ${Math.round((1 - left) * 100)} % of the script's mix; the rest keeps its shares, at the same rate of requests`;
  return [{ ...rest, fixed: workload.fixed }, note];
}

/** Whether requests with these tags are left out by KINDS. */
export function leftOut(tags: Readonly<Record<string, string>>, kinds: Parameters['kinds']): boolean {
  const kind = tags.kind ?? kindOfSize[tags.size ?? ''];
  return kinds !== undefined && requestKinds.some((each) => each === kind && !kinds.includes(each));
}

/** An embedding request with as many texts as BATCH wants, where it has several. */
export function withBatch(call: Call, { from, to }: NonNullable<Parameters['batch']>, random: Random): Call {
  if (call.kind !== 'embedding' || call.texts.length === 1) return call;
  const count = from + random.below(to - from + 1);
  return { ...call, texts: drawnTexts(count, random) };
}
