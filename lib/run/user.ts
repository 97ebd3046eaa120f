import { serve, type Arrival, type StreamRecord } from 'k6/x/sse';
import { tokenizerOf, type Parameters } from '../config';
import { costOf } from '../cost';
import type { Context } from '../findings';
import { limitsOf } from '../objectives';
import { modelOf, requester, type LoadRequest } from '../openai';
import { random, type Random } from '../statistics';
import type { SentRequest } from '../truth';
import {
  chatOfTokens,
  promptOfTokens,
  sizeOf,
  unique,
  withBatch,
  withBeginning,
  type Call,
  type ChatCall,
} from '../workload';
import { countOf } from './token-counts';
import { hooks, type Choice, type Plan, type TestDef } from './test';

/** A request of the load: what serve() sends, and what is needed to book its answer. */
type Sent = LoadRequest & SentRequest;

/*
 * What runs for each request goes through lists by number: in Sobek an iterator and what it gives are objects, even of an
 * empty list.
 */

/** Plays so many users until the load is over: each arrival becomes a request, and its answer is booked. */
export function playUsers(users: number, def: TestDef, plan: Plan, context: Context): void {
  const phaseHooks = hooks(def, 'phaseBegins');
  const answerHooks = hooks(def, 'answered');
  const restHooks = hooks(def, 'rests');
  const requestOf = requestMaker(def, plan, context);
  const answered = (answer: StreamRecord, sent: Sent): number | undefined => {
    const cost = book(plan, answer, sent);
    for (let i = 0; i < answerHooks.length; i++) answerHooks[i]!(answer, sent, context);
    // A property more, or a number returned, is time of each request: only users who rest need them.
    if (restHooks.length === 0) return undefined;
    sent.cost = cost;
    let rest = 0;
    for (const rests of restHooks) rest = Math.max(rest, rests(answer, sent, context));
    return rest;
  };
  const begins = (phase: string): void => {
    for (const phaseBegins of phaseHooks) phaseBegins(phase, context);
  };
  serve(users, requestOf, answered, phaseHooks.length > 0 ? begins : undefined);
}

/** Makes the request of an arrival: draws its call, lets the features shape it, and addresses it to the gateway. */
function requestMaker(
  def: TestDef,
  { p, objectives, workload, prompts, texts, replay, timeouts: own }: Plan,
  context: Context,
) {
  const choiceHooks = hooks(def, 'choose');
  const shapeHooks = hooks(def, 'shape');
  const rests = hooks(def, 'rests').length > 0;
  const plainShare = p.plainShare ?? workload.plain ?? 0;
  const addressed = requester(p, (tags) => ({
    limits: limitsOf(objectives.objectives, tags),
    timeouts: own ?? p.timeouts,
  }));
  return (arrival: Arrival, user: number): Sent => {
    const choice: Choice = { arrival, draw: arrival.index, models: p.models, turn: arrival.index };
    for (let i = 0; i < choiceHooks.length; i++) choiceHooks[i]!(choice, context);
    const draws = random(p.seed, choice.draw);
    let call = replay ? replay.call(arrival.index) : workload.next(draws, arrival.phase, choice.place);
    if (call.kind === 'chat' && p.promptTokens !== undefined) call = ofTokens(p, p.promptTokens, call, choice, draws);
    if (call.kind === 'chat' && prompts) call = prompts.next(draws);
    if (p.batch && !workload.fixed) call = withBatch(call, p.batch, draws);
    if (call.kind === 'embedding' && texts) call = { ...call, texts: texts.next(draws, call.texts.length) };
    if (call.kind === 'chat' && !workload.fixed && draws.next() < plainShare) call.plain = true;
    const id = `${context.run}${arrival.index}`;
    if (call.kind === 'chat' && p.prefixShare && draws.next() < p.prefixShare)
      call = withBeginning(call, p.prefixTokens, context.run);
    if (call.kind === 'chat' && p.unique) call = unique(call, p.unique, id);
    for (let i = 0; i < shapeHooks.length; i++) call = shapeHooks[i]!(call, id, context, arrival, user);
    // Filled in, not copied: in Sobek a spread costs as much as the rest of the request.
    const sent = addressed(call, arrival.phase, choice.models, choice.turn) as Sent;
    sent.id = id;
    sent.call = call;
    sent.arrival = arrival;
    if (rests) sent.user = user;
    return sent;
  };
}

/** A chat of so many tokens: exactly, by the count of its model's tokenizer (TOKENIZERS), else about so many. */
function ofTokens(p: Parameters, tokens: number, call: ChatCall, choice: Choice, draws: Random): Call {
  const model = modelOf(call, p, choice.models, choice.turn);
  if (tokenizerOf(model, p) === undefined) return promptOfTokens(tokens, draws);
  const exact = chatOfTokens(tokens, countOf(model), `${p.seed}-${choice.draw}`);
  exact.size = sizeOf(tokens);
  return exact;
}

/** Books an answer. What was measured is booked in Go (xk6-sse/measure.go): here is what only the script knows. */
function book({ prices }: Plan, answer: StreamRecord, sent: Sent): number | undefined {
  const price = prices.get(sent.model);
  const cost = price && costOf(price, answer.promptTokens, answer.completionTokens, answer.cachedTokens);
  if (cost) answer.settle({ llm_cost_usd: cost.total, llm_cost_input_usd: cost.input });
  else answer.settle();
  return cost?.total;
}
