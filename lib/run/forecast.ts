import { costOf, type Prices } from '../cost';
import { arrivals, mostHeld, round, topRate, totalSeconds, type Load } from '../load';
import type { Call, Workload } from '../workload';
import { drawnCall } from './drawn';

/*
 * What a run is going to send, told before its first request: a wrong parameter shows in it, and so does a bill.
 */

/** Calls that are drawn to say what the average one is like. */
const drawn = 300;
/** English text has about so many characters in a token (o200k_base, over all of data/). */
const charactersInToken = 4.2;
/** Tokens of an answer where nothing limits it: a guess, and told as one. */
const guessedAnswer = 200;

/** What is known of a load before it is sent. */
export interface Sending {
  load: Load;
  /** Users without pause, so that the number of requests is not known. */
  closed: boolean;
  /** But for pauses of their own. */
  paced?: boolean;
  users: number;
  workload: Workload;
  models: readonly string[];
  embeddingModel: string;
  maxTokens?: number;
  promptTokens?: number;
  seed: number;
  prices: Prices;
  /** The file of the prices. */
  pricesFrom: string;
}

/** One line: requests, rate, duration, tokens, and about what they will cost where the models have a price. */
export function forecast(sending: Sending): string {
  const { load, closed, users } = sending;
  const seconds = `${round(totalSeconds(load))} s`;
  const average = averageCall(sending);
  const held = mostHeld(load);
  if (closed || held > 0)
    return `this run sends as many requests as the target answers to ${closed ? `${users} users ${sending.paced ? 'with pauses of their own' : 'without pause'}` : `up to ${held} requests in flight`} in ${seconds}; each 1000 of them have ${tokensText(average, 1000)}${costText(average, 1000, sending)}`;
  const requests = Math.round(arrivals(load));
  return `this run sends about ${requests} requests in ${seconds}, at most ${round(topRate(load))} in a second; they have ${tokensText(average, requests)}${costText(average, requests, sending)}`;
}

interface Average {
  prompt: number;
  answer: number;
  /** Some answers have no limit, so their length is a guess. */
  guessed: boolean;
  /** US dollars; undefined where no call's model has a price. */
  cost: number | undefined;
  /** Models that were drawn and have no price. */
  unpriced: readonly string[];
}

function averageCall(sending: Sending): Average {
  const { workload, seed, models, embeddingModel, prices } = sending;
  let [prompt, answer, cost, guessed, priced] = [0, 0, 0, false, false];
  const unpriced = new Set<string>();
  const phaseOf = phasesOf(sending.load);
  for (let i = 0; i < drawn; i++) {
    const call = drawnCall(workload, seed, i, phaseOf((i + 0.5) / drawn));
    if (call.kind === 'models' || call.kind === 'refused') continue;
    const limit = call.kind === 'chat' ? (call.maxTokens ?? sending.maxTokens) : 0;
    const tokens = { prompt: promptOf(call, sending), answer: limit ?? guessedAnswer };
    prompt += tokens.prompt;
    answer += tokens.answer;
    guessed ||= limit === undefined;
    const model = call.kind === 'embedding' ? embeddingModel : (call.model ?? models[i % models.length]!);
    const price = costOf(prices.get(model), tokens.prompt, tokens.answer);
    if (price) [cost, priced] = [cost + price.total, true];
    else unpriced.add(model);
  }
  return {
    prompt: prompt / drawn,
    answer: answer / drawn,
    guessed,
    cost: priced ? cost / drawn : undefined,
    unpriced: [...unpriced].sort(),
  };
}

/** Tells the phase in which such a share of the load's requests has been sent, or of its time where it holds numbers in flight. */
function phasesOf(load: Load): (share: number) => string {
  const weigh = (phases: Load) => (mostHeld(load) > 0 ? totalSeconds(phases) : arrivals(phases));
  const until = load.map((_, i) => weigh(load.slice(0, i + 1)));
  const whole = weigh(load);
  return (share) => {
    const reached = until.findIndex((weight) => weight >= share * whole);
    return load[Math.max(0, reached)]!.name;
  };
}

function promptOf(call: Exclude<Call, { kind: 'models' | 'refused' }>, { promptTokens, workload }: Sending): number {
  if (call.kind === 'embedding') return call.texts.reduce((sum, text) => sum + text.length, 0) / charactersInToken;
  if (promptTokens !== undefined && !workload.fixed) return promptTokens;
  return call.tokens ?? call.messages.reduce((sum, { content }) => sum + content.length, 0) / charactersInToken;
}

function tokensText({ prompt, answer, guessed }: Average, requests: number): string {
  const told = `about ${round(prompt * requests)} tokens in prompts`;
  if (answer === 0) return told;
  return guessed
    ? `${told}, and ${round(answer * requests)} in answers if one has ${guessedAnswer} tokens (MAX_TOKENS limits them)`
    : `${told}, and at most ${round(answer * requests)} in answers`;
}

function costText({ cost, unpriced }: Average, requests: number, { pricesFrom }: Sending): string {
  const missing = unpriced.length > 0 ? `no price is known for ${unpriced.join(', ')}` : '';
  if (cost === undefined) return missing && `; ${missing}`;
  return `; that costs about USD ${round(cost * requests)} by ${pricesFrom}${missing && `, without what has no price: ${unpriced.join(', ')}`}`;
}
