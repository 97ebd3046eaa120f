import { tally } from 'k6/x/sse';
import { ParameterError, type Parameters } from '../config';
import { note, notes } from '../journal';
import { wires } from '../openai';
import { random, type Random } from '../statistics';
import type { TurnNote } from '../truth';
import { picture, Session, sharedBeginning, type ChatCall } from '../workload';
import { fromCache } from './from-cache';
import type { Feature } from './test';

/** Conversations at a time, where VUS does not say. */
const usualUsers = 10;

/** A user whose session failed comes back no sooner, ms: a target that refuses at once is not flooded. */
const afterFailure = 1000;

/** What one user of a VU is doing. */
interface Talk {
  session: Session;
  draws: Random;
  begun: number;
  turns: TurnNote[];
}

/** Parameters that would make one request another than its conversation has it. */
const refused: readonly [name: string, why: string][] = [
  ['RATE', 'its users hold conversations, each at its own pace. VUS says how many do so at a time'],
  ['PLAIN_SHARE', 'its answers are streams'],
  ['PROMPT_TOKENS', 'its prompts grow with each turn. PREFIX_TOKENS says how long they are at first'],
  ['PREFIX_SHARE', 'its conversations have a beginning in common anyway. PREFIX_TOKENS says how long it is'],
  ['UNIQUE', 'its prompts have the same beginning on purpose. COLD_SHARE=1 changes it with each turn'],
];

/**
 * The load's users hold conversations: the answer that came goes into the next request, after a pause. The workload's
 * calls give what they say.
 */
export function inSessions(): Feature {
  const talks = new Map<number, Talk>();
  const wire = ({ wire: name }: Parameters) => wires[name];
  return {
    parameters(p, { script, given }) {
      for (const [name, why] of refused)
        if (given(name)) throw new ParameterError(`${name} cannot be used with ${script}: ${why}. Leave it out`);
      if (given('TOOL_SHARE') && p.session.toolShare > 0 && !wire(p).toolCall)
        throw new ParameterError(`TOOL_SHARE cannot be used with WIRE=${p.wire}: that wire has no tools. Leave it out`);
      p.vus ??= Math.max(1, Math.round(usualUsers * p.scale));
    },
    plan(draft) {
      const { p, workload } = draft;
      const { session } = p;
      draft.paced = true;
      // A turn in the middle of a conversation.
      draft.workload = {
        ...workload,
        example(draws, phase) {
          const call = workload.next(draws, phase);
          if (call.kind !== 'chat') return call;
          const before = { role: 'system', content: p.system ?? sharedBeginning(p.prefixTokens) } as const;
          const said = call.messages.filter(({ role }) => role !== 'system');
          return { ...call, tokens: undefined, messages: [before, ...said.slice(0, Math.max(1, session.turns.from))] };
        },
      };
      const seconds = draft.load.reduce((sum, { holdSeconds }) => sum + holdSeconds, 0);
      const whole = session.turns.to * (session.think + 1);
      if (seconds < 2 * whole)
        (draft.cautions ??= []).push(
          `a conversation of ${session.turns.to} turns takes about ${Math.ceil(whole)} s, and the load ${Math.ceil(seconds)} s: few come to their end, and figures of whole sessions need those; a longer DURATION, fewer TURNS or a shorter THINK has more`,
        );
    },
    shape(call, id, { p, run }, arrival, user) {
      if (call.kind !== 'chat') return call;
      let talk = talks.get(user);
      if (!talk || talk.session.over) talks.set(user, (talk = begin(call, id, p, run, arrival.index)));
      return talk.session.next(id);
    },
    rests(answer, { id, call, cost, model, arrival, user }, { p }) {
      const talk = talks.get(user);
      if (!talk || call.kind !== 'chat' || !call.session) return 0;
      const ok = answer.outcome === 'ok';
      const { id: session, turn: number, cold } = call.session;
      const turn: TurnNote = {
        ...{ id, session, turn: number, cold, ok },
        promptTokens: answer.promptTokens,
        cachedTokens: answer.cachedTokens,
        ttft: answer.ttft,
        instance: p.instanceHeader === undefined ? '' : (answer.headers[p.instanceHeader] ?? ''),
        cached: fromCache(answer, p),
        cost,
      };
      talk.turns.push(turn);
      note('turn', turn);
      if (talk.turns.length === 1) talk.begun = arrival.scheduled;
      const said = call.tool ? wire(p).toolCall?.(answer.toolCalls) : undefined;
      talk.session.answered(ok, answer.text, said);
      const at = Math.max(0, answer.sent) + Math.max(0, answer.end);
      if (talk.session.over && ok) {
        const tags = {
          kind: 'chat',
          size: call.session.cold ? 'session-cold' : 'session',
          model,
          phase: arrival.phase,
        };
        tally(tags, totals(talk, at), at);
      }
      if (talk.session.callsTool) return 1000 * p.session.toolDelay;
      return Math.max(ok ? 0 : afterFailure, thinking(talk.draws, p.session.think));
    },
    observe(evidence) {
      const { kept, lost } = notes('turn');
      evidence.turns = kept;
      if (lost > 0) evidence.doubts.push(`${lost} turns could not be noted: too many for the memory kept for it`);
    },
  };
}

function begin(call: ChatCall, id: string, p: Parameters, run: string, index: number): Talk {
  const draws = random(p.seed ^ 0x5e5510, index);
  const { session: wanted } = p;
  const { from, to } = wanted.turns;
  const session = new Session(
    {
      id,
      // Of this run alone: what an earlier run left in a cache is not hit.
      system: p.system === undefined ? `[${run}] ${sharedBeginning(p.prefixTokens)}` : `[${run}] ${p.system}`,
      questions: call.messages.filter(({ role }) => role === 'user').map(({ content }) => content),
      turns: from + draws.below(to - from + 1),
      cold: draws.next() < wanted.coldShare,
      toolShare: wires[p.wire].toolCall ? wanted.toolShare : 0,
      image: draws.next() < wanted.imageShare ? picture : undefined,
      simulated: p.providerUrl !== undefined,
      marks: p.cacheMarks,
    },
    draws,
  );
  return { session, draws, begun: 0, turns: [] };
}

/** Times between events that do not know of each other, five times the mean at most, ms. */
function thinking(draws: Random, mean: number): number {
  return 1000 * Math.min(5 * mean, -mean * Math.log(1 - draws.next()));
}

/** What a whole session came to. What one of its turns did not tell is not known of the whole. */
function totals({ turns, begun }: Talk, end: number): Record<string, number> {
  const values: Record<string, number> = { llm_session_time: end - begun, llm_session_turns: turns.length };
  const sum = (of: (turn: TurnNote) => number | undefined) => {
    const all = turns.map(of);
    return all.every((value): value is number => value !== undefined && value >= 0)
      ? all.reduce((total, value) => total + value, 0)
      : undefined;
  };
  const put = (name: string, value: number | undefined) => {
    if (value !== undefined) values[name] = value;
  };
  put(
    'llm_session_prompt_tokens',
    sum(({ promptTokens }) => promptTokens),
  );
  // Short prompts have no cache, and then some targets say nothing of one.
  if (turns.some(({ cachedTokens }) => cachedTokens >= 0))
    put(
      'llm_session_cached_tokens',
      sum(({ cachedTokens }) => Math.max(0, cachedTokens)),
    );
  put(
    'llm_session_cost_usd',
    sum(({ cost }) => cost),
  );
  return values;
}
