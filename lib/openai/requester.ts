import { prepare, type Prepared, type Request, type StreamParams } from 'k6/x/sse';
import type { Parameters } from '../config';
import type { Call } from '../workload';
import { addressed, aroundStored, bodyOf, isStored, keyOf, modelOf, type AroundStored } from './request';
import { traceparent } from './traceparent';

/** A request of the load, ready for serve(). */
export interface LoadRequest extends Request {
  model: string;
}

/** What is the same in all requests of a kind. */
interface Kept {
  prepared: Prepared;
  /** Where their texts are kept in Go. */
  around?: AroundStored;
}

/**
 * Kinds of request that are kept prepared in a VU at most: with thousands of keys there are as many, of a kilobyte
 * each.
 */
const mostAlike = 1000;

/**
 * Makes the requests of a load: as request(), but what is the same in all requests of one kind, model, key and phase is
 * worked out once. `more` gives the parameters that follow from the tags. One for each VU.
 */
export function requester(
  p: Parameters,
  more: (tags: Record<string, string>) => Pick<StreamParams, 'limits' | 'timeouts'>,
) {
  const known = new Map<string, Kept>();
  // HEADERS wins over what is added to each request, as over the rest; twice the same would be two values of one.
  const given = Object.keys(p.headers).map((name) => name.toLowerCase());
  const { header } = p.session;
  const sessionHeader = header !== undefined && given.includes(header.toLowerCase()) ? undefined : header;
  const traced = !given.includes('traceparent');
  /** A text that Go keeps is named by its number; what stands around it is the same in all requests of the kind. */
  const withBody = (kept: Kept, call: Call, model: string): LoadRequest => {
    const { prepared } = kept;
    if (!isStored(call, p)) return { prepared, body: bodyOf(call, model, p), model };
    const around =
      call.kind === 'chat' && call.tool
        ? aroundStored(call, model, p)!
        : (kept.around ??= aroundStored(call, model, p)!);
    const { number: stored, count: many } = call.stored;
    return { prepared, body: around.body, stored, many, behind: around.behind, model };
  };
  return (call: Call, phase: string, models: readonly string[], turn: number): LoadRequest => {
    const model = modelOf(call, p, models, turn);
    const agency = keyOf(p, turn);
    const variant =
      call.kind === 'embedding'
        ? call.stored?.call === call
          ? call.stored.count
          : call.texts.length
        : call.kind === 'chat'
          ? `${call.plain ?? false} ${call.maxTokens ?? ''} ${call.cancelAfter ?? ''} ${call.cancelAfterMs ?? ''} ${call.tool ? 'tools' : ''}`
          : call.kind === 'refused'
            ? `${call.route ?? ''} ${call.method ?? ''} ${call.key ?? ''}`
            : '';
    const fresh = 'fresh' in call && call.fresh ? 'fresh' : '';
    const base = call.kind === 'models' ? (call.base ?? '') : '';
    const key = `${phase} ${call.kind} ${call.size} ${model} ${agency} ${variant} ${fresh} ${base}`;
    let kept = known.get(key);
    if (!kept) {
      const { url, params, tags } = addressed(call, p, model, agency);
      tags.phase = phase;
      if (known.size >= mostAlike) known.clear();
      kept = { prepared: prepare(url, { ...params, tags, ...more(tags) }) };
      known.set(key, kept);
    }
    const made = withBody(kept, call, model);
    if (p.traces !== undefined && traced) made.headers = { traceparent: traceparent(p.traces, p.seed, turn) };
    else if (traced && 'traceparent' in call && call.traceparent !== undefined)
      made.headers = { traceparent: call.traceparent };
    if (call.kind === 'chat' && call.session && sessionHeader !== undefined)
      made.headers = { ...made.headers, [sessionHeader]: call.session.id };
    return made;
  };
}
