import {
  counted,
  grows,
  growthLaw,
  growthWords,
  lawAt,
  lawNeedsText,
  lawText,
  sizeAt,
  stepText,
} from '../../growth-law';
import type { GrowthLaw, Point } from '../../growth-law';
import type { Finding } from '../../measurements';
import { promptBuckets } from '../../metrics';
import { sumOf, wilson } from '../../statistics';
import { join, overhead, type Joined } from '../../truth';
import { memoryKept } from '../memory-kept';
import { findings, type Observed } from '../observed';
import { limitFindings } from './limit';
import { roundsOf } from './rounds';

/*
 * What the size of a prompt costs: the law of the time to first token, the gateway's own part of it, where prompts begin
 * to fail, and what happens at the limit.
 */

/** Everything that the script `context-window` finds. */
export const contextFindings = findings(
  [
    'ttft-by-prompt',
    'growth-of-ttft',
    'gateway-by-prompt',
    'growth-of-overhead',
    'largest-prompt',
    'over-the-limit',
    'near-the-limit',
    'given-up',
    'prompt-tokens',
    'memory-kept-by-prompts',
  ],
  (observed) => {
    const all = join(observed.requests, observed.truth ?? []);
    const models = [...new Set(all.map(({ note }) => note.model))].sort();
    return [
      ...models.flatMap((model) => ofModel(model, all, observed)),
      ...limitFindings(observed),
      ...givenUp(all),
      ...tokensKept(all),
      ...memoryKept(observed, 'memory-kept-by-prompts', sumOf(all.map(size)) / 1000, '1,000 tokens of prompts'),
    ];
  },
);

const size = ({ detail }: Joined) => detail.sentTokens;

function ofModel(model: string, everyone: readonly Joined[], observed: Observed): Finding[] {
  const rounds = roundsOf(everyone, (each) => `${each.note.model} ${size(each)}`);
  const all = everyone.filter(({ note }) => note.model === model);
  const good = all.filter(({ note }) => note.outcome === 'ok');
  const points = (of: (each: Joined) => number | undefined) =>
    good.flatMap((each): Point[] => {
      const value = of(each);
      return value === undefined || value <= 0 ? [] : [{ round: rounds(each), size: size(each), value }];
    });
  const first = growthLaw(points(({ note }) => note.ttft));
  const own = observed.truth && growthLaw(points((each) => overhead(each)?.ttft));
  return [...firstToken(model, first, own, good.length), ...gatewaysPart(model, own), nearTheLimit(model, all)];
}

function firstToken(model: string, law: GrowthLaw | undefined, own: GrowthLaw | undefined, n: number): Finding[] {
  if (!law) return [lawless('ttft-by-prompt', model, n), lawless('growth-of-ttft', model, n)];
  const share = own
    ? `; of it the gateway's own ${((100 * lawAt(own, law.to)) / lawAt(law, law.to)).toFixed(0)} % at ${counted(law.to)} tokens`
    : '';
  const table = {
    head: ['tokens', 'first token'],
    rows: [1000, 8000, 32_000, 128_000, 200_000]
      .filter((tokens) => tokens <= law.to * 1.05)
      .map((tokens) => [counted(tokens), `${lawAt(law, tokens).toFixed(0)} ms`]),
  };
  return [
    {
      id: 'ttft-by-prompt',
      of: model,
      value: law.perThousand,
      unit: 'ms',
      n: law.n,
      text: `${model}: time to first token${lawOf(law)}${broken(law)}${share}`,
      table,
    },
    powerFinding('growth-of-ttft', `${model}: the time to first token`, model, law),
  ];
}

/** The plan's limits of the buckets that the law breaks within them. */
const limits = { 'to-1k': 1000, 'to-8k': 3000, 'to-32k': 10_000 } as const;

function broken(law: GrowthLaw): string {
  const found = promptBuckets.flatMap(({ name, below }, i) => {
    if (name === 'over-32k') return [];
    const [from, reaches] = [i === 0 ? 0 : promptBuckets[i - 1]!.below, sizeAt(law, limits[name])];
    return reaches !== undefined && reaches < below && law.to > from && reaches <= law.to
      ? [
          `prompts over ${counted(Math.max(from, reaches))} tokens break the ${limits[name] / 1000} s that prompts under ${counted(below)} have`,
        ]
      : [];
  });
  return found.length > 0 ? `; ${found[0]}` : '';
}

function gatewaysPart(model: string, own: GrowthLaw | undefined): Finding[] {
  if (!own) return [];
  return [
    {
      id: 'gateway-by-prompt',
      of: model,
      value: lawAt(own, own.to),
      unit: 'ms',
      n: own.n,
      text: `${model}: the gateway's own time${lawOf(own)}${matters(own) ? `; ${lawAt(own, own.to).toFixed(0)} ms at ${counted(own.to)} tokens` : ''}`,
    },
    powerFinding('growth-of-overhead', `${model}: the gateway's own time`, model, own),
  ];
}

/** A growth that adds less than this to the largest prompt is no matter, ms. */
const atLeast = 20;

const matters = (law: GrowthLaw) => grows(law) && law.rise.value >= atLeast;

/** The law of a time that grows with the prompt. Of a few ms more or less any power fits, and none is told. */
function lawOf(law: GrowthLaw): string {
  if (matters(law) || law.step)
    return ` = ${lawText(law, 'ms', 'tokens')}: it ${growthWords(law)}${stepText(law, 'ms', 'tokens')}`;
  const [least, most] = [law.from, law.to].map((size) => `${lawAt(law, size).toFixed(1)} ms at ${counted(size)}`);
  return `: ${least} tokens, ${most}: too little grows for a law`;
}

/** The power that growth has beyond doubt: the lower end of its interval; 0 where it does not grow. */
function powerFinding(id: 'growth-of-ttft' | 'growth-of-overhead', what: string, of: string, law: GrowthLaw): Finding {
  const base = { id, of, unit: 'power', n: law.n };
  if (!matters(law))
    return {
      ...base,
      value: 0,
      text: `${what} hardly grows with the prompt: ${law.rise.value.toFixed(0)} ms from ${counted(law.from)} to ${counted(law.to)} tokens`,
    };
  const [low, high] = law.powerInterval;
  return {
    ...base,
    value: low,
    text: `${what} grows as the prompt to the power ${law.power.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]: ${lawAt(law, law.to / 2).toFixed(0)} ms at ${counted(law.to / 2)} tokens, ${lawAt(law, law.to).toFixed(0)} ms at ${counted(law.to)}`,
  };
}

const lawless = (id: 'ttft-by-prompt' | 'growth-of-ttft', model: string, n: number): Finding => ({
  id,
  of: model,
  value: null,
  unit: id === 'growth-of-ttft' ? 'power' : 'ms',
  text: `${model}: ${n} good answers are too few ${id === 'growth-of-ttft' ? 'to say how the time to first token grows' : 'for a law of the time to first token'}: it takes ${lawNeedsText}`,
});

/** Where prompts begin to fail more often than smaller ones. */
function nearTheLimit(model: string, all: readonly Joined[]): Finding {
  const sizes = [...new Set(all.map(size))].sort((a, b) => a - b);
  const rate = (some: readonly Joined[]) => {
    const failed = some.filter(({ note }) => note.outcome !== 'ok').length;
    return { failed, n: some.length, interval: wilson(failed, some.length) };
  };
  const base = { id: 'near-the-limit', of: model, unit: 'share' };
  for (const from of sizes.slice(1).reverse()) {
    const [below, above] = [
      rate(all.filter((each) => size(each) < from)),
      rate(all.filter((each) => size(each) >= from)),
    ];
    const next = sizes[sizes.indexOf(from) - 1]!;
    const one = rate(all.filter((each) => size(each) === next));
    // The next smaller size fails as often: the change is further down.
    if (one.failed > 0 && one.interval[1] >= above.interval[0]) continue;
    if (above.interval[0] <= below.interval[1]) continue;
    const outcomes = [
      ...new Set(
        all.filter((each) => size(each) >= from && each.note.outcome !== 'ok').map(({ note }) => note.outcome),
      ),
    ];
    return {
      ...base,
      value: above.failed / above.n,
      n: above.n,
      interval: above.interval,
      text: `${model}: from ${counted(from)} tokens on ${((100 * above.failed) / above.n).toFixed(1)} % of the prompts fail (${above.failed} of ${above.n}: ${outcomes.join(', ')}), of smaller ones ${((100 * below.failed) / below.n).toFixed(1)} %`,
    };
  }
  const top = rate(all.filter((each) => size(each) === sizes[sizes.length - 1]));
  return {
    ...base,
    value: 0,
    n: top.n,
    text: `${model}: large prompts fail no more often than small ones: ${top.failed} of ${top.n} at ${counted(sizes[sizes.length - 1] ?? 0)} tokens`,
  };
}

/** Prompts that ended by time, and whether the provider had answered them. */
function givenUp(all: readonly Joined[]): Finding[] {
  const late = all.filter(({ note }) => note.outcome.startsWith('timeout') || note.status === 504);
  if (late.length === 0) return [];
  const from = Math.min(...late.map(size));
  const answered = late.filter(({ calls }) => calls.some(({ status }) => status === 200)).length;
  const provider = late.some(({ calls }) => calls.length > 0)
    ? `; of ${answered} of them the provider had begun its answer`
    : '';
  const ends = late.map(({ note }) => note.end).sort((a, b) => a - b);
  return [
    {
      id: 'given-up',
      value: late.length,
      unit: 'requests',
      n: all.length,
      text: `${late.length} prompts of ${counted(from)} tokens and more end by time, after ${(ends[Math.floor(ends.length / 2)]! / 1000).toFixed(1)} s (${[...new Set(late.map(({ note }) => note.outcome))].join(', ')})${provider}`,
    },
  ];
}

/** How well the sizes were kept, by the target's own count. */
function tokensKept(all: readonly Joined[]): Finding[] {
  const off = all.flatMap(({ note, detail, served }) => {
    if (note.outcome !== 'ok' || detail.promptTokens < 0 || detail.sentTokens <= 0) return [];
    const added = detail.promptTokens - detail.sentTokens - (served?.directive_tokens ?? 0);
    return [Math.abs(added) / detail.sentTokens];
  });
  const base = { id: 'prompt-tokens', unit: 'share' };
  if (off.length === 0)
    return [{ ...base, value: null, text: 'the target tells no usage: sizes are those of the public tokenizers' }];
  const worst = Math.max(...off);
  return [
    {
      ...base,
      value: worst,
      n: off.length,
      text: `the sizes are those that the target counts: at most ${(100 * worst).toFixed(2)} % off, in ${off.length} answers`,
    },
  ];
}
