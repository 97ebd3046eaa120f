import { documentOf, type DocumentKind } from './documents';
import { sentences } from './sentences';
import { domainNames, voiceOf } from './vocabulary';
import { randomOf } from './random';
import type { Voice } from './grammar';

export interface Embeddings {
  texts: string[];
}

const titles = [
  '{^topic}: annual report of the {bureau}',
  'How to file {a record}',
  '{^topic} in {county}, {2019-2026}',
  'Audit {docket}: {topic}',
  'Minutes of the meeting on {topic}, {date}',
  'Guide for {people}: {topic}',
  'Frequently asked questions on {topic}',
  'Notice {docket}: change of deadline to {later}',
  'Fact sheet: {measure}, {month} {2021-2025}',
  'Memorandum to the {role} on {topic}',
];
const queries = [
  'when is {a record} due',
  'who approves {a record} above {money}',
  'what to do about {issue}',
  '{topic} contact {city}',
  'how does {actor} {action}',
  'why did {measure} change in {county}',
  'form to appeal after {event}',
  '{people} rights {topic}',
];
const paragraphs: readonly DocumentKind[] = [
  'regulation',
  'minutes',
  'incident',
  'audit',
  'letter',
  'contract',
  'policy',
  'messages',
];
const rules = [
  'scope',
  'eligible',
  'apply',
  'review',
  'appeal',
  'keep',
  'enforce',
  'waive',
  'discussed',
  'condition',
  'wrote',
  'perform',
  'accept',
  'rule',
  'message',
];

/**
 * The index of an agency: titles and search queries, texts of one to three sentences, and paragraphs of 100 to 200
 * tokens.
 */
export function embeddingsOf(seed: string, count: number): Embeddings {
  const texts = new Set<string>();
  for (let i = 0; texts.size < count; i++) texts.add(drawnText(`${seed}/text-${i}`));
  return { texts: [...texts] };
}

function drawnText(seed: string): string {
  const random = randomOf(`${seed}/plan`);
  const voice = voiceOf(seed, random.pick(domainNames), sentences);
  const kind = random.next();
  if (kind < 0.15) return voice.say(random.pick(titles));
  if (kind < 0.25) return voice.say(random.pick(queries));
  if (kind < 0.65) return few(voice);
  return documentOf(random.pick(paragraphs), voice, random.int(110, 190));
}

function few(voice: Voice): string {
  const rule = voice.random.pick(rules);
  return voice.sentences(rule, voice.random.int(1, 3)).join(' ');
}
