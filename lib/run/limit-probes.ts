import { stream } from 'k6/x/sse';
import { searchLimit, type Context, type ProbeNote } from '../findings';
import { request } from '../openai';
import { chatOfTokens } from '../workload';
import type { Feature } from './test';
import { countOf } from './token-counts';

/** Tokens that an answer may have: as few as an answer can be, and room for reasoning models to begin. */
export const answerTokens = 32;
/** All probes together may take so long, ms: teardown has its limit. */
const together = 120_000;
/** Of an answer that refuses, so many characters are kept. */
const kept = 300;

/**
 * After the load, asks one prompt after the other for the largest that works, and for what a larger one gets: at the
 * documented size, one token over it, and by bisection. A probe waits three times as long as the longest prompt of the
 * load took, and 10 s at the least.
 */
export function probingTheLimit(): Feature {
  return {
    observe(evidence, context) {
      const longest = Math.max(0, ...evidence.requests.map(({ outcome, end }) => (outcome === 'ok' ? end : 0)));
      const patience = Math.max(10_000, 3 * longest);
      const until = Date.now() + together;
      evidence.probes = context.p.models.flatMap((model) => {
        const works = evidence.requests.flatMap(({ model: asked, outcome, detail }) =>
          asked === model && outcome === 'ok' && detail ? [detail.sentTokens] : [],
        );
        return searchLimit({
          documented: context.p.contextWindow,
          answer: answerTokens,
          works: Math.max(0, ...works),
          ask: (tokens) => ask(model, tokens, patience, context),
          mayGoOn: () => Date.now() + patience < until,
        });
      });
    },
  };
}

let asks = 0;

function ask(model: string, tokens: number, patience: number, { p, run }: Context): ProbeNote {
  const call = chatOfTokens(tokens, countOf(model), `${run}limit-${asks++}`, { model, maxTokens: answerTokens });
  const { url, params } = request(call, p, 0);
  const timeouts = { first: patience, idle: patience, total: 2 * patience };
  const { outcome, status, end, promptTokens, body, error } = stream(url, { ...params, probe: true, timeouts });
  return { model, tokens, outcome, status, ms: end, promptTokens, said: (body || error).slice(0, kept) };
}
