import { additions, everyday, scenarios, type Exchange, type Scenario } from './dialogues';
import { documentOf, type DocumentKind } from './documents';
import { sentences } from './sentences';
import { tokensOf } from './tokens';
import { voiceOf } from './vocabulary';

export type Length = 'short' | 'medium' | 'long';

export interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface Conversation {
  id: string;
  length: Length;
  /** User messages. The last one has no answer yet: answering it is the request. */
  turns: number;
  /** o200k_base tokens of all contents, without what a chat template adds around each message. */
  tokens: number;
  messages: Message[];
}

/** The plan's classes: short has fewer than 5 turns, medium 5 to 20, long more than 20. */
export function lengthOf(turns: number): Length {
  if (turns < 5) return 'short';
  return turns <= 20 ? 'medium' : 'long';
}

const TURNS: Readonly<Record<Length, readonly [number, number]>> = { short: [2, 4], medium: [5, 20], long: [21, 32] };

/** `perScenario` of each length for each scenario, except one long conversation for every two short ones. */
export function conversationsOf(seed: string, perScenario: number): Conversation[] {
  const plan: [Length, number][] = [
    ['short', perScenario],
    ['medium', perScenario],
    ['long', Math.ceil(perScenario / 2)],
  ];
  return plan.flatMap(([length, count]) =>
    scenarios.flatMap((scenario) => Array.from({ length: count }, (_, i) => conversationOf(seed, scenario, length, i))),
  );
}

function conversationOf(seed: string, scenario: Scenario, length: Length, i: number): Conversation {
  const id = `${length}-${scenario.name}-${i + 1}`;
  const voice = voiceOf(`${seed}/${id}`, scenario.domain, { ...sentences, addition: additions });
  const { random } = voice;
  const turns = random.int(...TURNS[length]);
  const messages: Message[] = [];
  if (random.next() < 0.6) messages.push({ role: 'system', content: voice.say(scenario.system) });
  for (const exchange of exchanges()) {
    const [user, assistant] = exchange;
    const isEveryday = everyday.includes(exchange);
    const added = scenario.opening.includes(exchange) ? 0 : isEveryday ? 0.9 : 0.3;
    const asked = voice.say(user) + (isEveryday && random.next() < 0.35 ? pasted() : '');
    const answered = voice.say(assistant) + (random.next() < added ? `\n\n${voice.sentence('addition')}` : '');
    messages.push({ role: 'user', content: asked }, { role: 'assistant', content: answered });
  }
  messages.push({ role: 'user', content: voice.say(random.pick(scenario.last)) });
  return { id, length, turns, tokens: messages.reduce((sum, { content }) => sum + tokensOf(content), 0), messages };

  /** People paste what they have in front of them. */
  function pasted(): string {
    const kind = random.pick<DocumentKind>(['policy', 'minutes', 'messages', 'table', 'audit']);
    return `\n\n${voice.say('{This is what I have|From the file|Copied from the shared drive|For context}')}:\n\n${documentOf(kind, voice, random.int(80, 320))}`;
  }

  /** The opening in order, then chains of the scenario's exchanges and everyday ones, shuffled. */
  function exchanges(): Exchange[] {
    const chains: Exchange[][] = [[...scenario.opening]];
    for (const exchange of scenario.middle) {
      if (exchange[2] === 'follows') chains.at(-1)?.push(exchange);
      else chains.push([exchange]);
    }
    const [opening = [], ...own] = chains;
    const rest = turns - 1 - opening.length;
    const chosen = random.shuffle(own).slice(0, Math.ceil(rest * 0.6));
    const others = random.shuffle(everyday).slice(0, Math.max(0, rest - chosen.flat().length));
    return [...opening, ...random.shuffle([...chosen, ...others.map((exchange) => [exchange])]).flat()].slice(
      0,
      turns - 1,
    );
  }
}
