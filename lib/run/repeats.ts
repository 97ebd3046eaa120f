import { arrivals, round } from '../load';
import { drawnCalls } from './drawn';
import type { Plan } from './test';

/** From so many uses of each stored text on, a cache of the target would answer most of a load. */
const often = 10;
/** Calls that are drawn to see how many are chats. */
const drawn = 200;

/** What it takes to say how often a load repeats its prompts. */
export type Repeating = Pick<Plan, 'load' | 'closed' | 'workload'> & {
  p: Pick<Plan['p'], 'seed' | 'unique' | 'prompts' | 'promptTokens' | 'tokenizers'>;
};

/** That a load repeats its prompts often, where nothing makes them differ; `stored`: how many prompts and conversations there are. */
export function repeats({ load, closed, workload, p }: Repeating, stored: number): string[] {
  // A script that makes its own calls makes them as it needs them; a closed load's number of requests is not known before.
  const made = workload.fixed || workload.example !== undefined;
  // Prompts that are exact to the token begin each in its own way.
  const exact = p.promptTokens !== undefined && p.tokenizers !== undefined;
  if (closed || made || exact || p.unique !== undefined || p.prompts !== undefined) return [];
  const calls = drawnCalls(workload, p.seed, drawn, load[0]!.name);
  const chats = (arrivals(load) * calls.filter(({ kind }) => kind === 'chat').length) / drawn;
  if (chats < often * stored) return [];
  return [
    `about ${round(chats)} chats are made of ${stored} stored prompts and conversations: a target that keeps answers, or beginnings of prompts, looks faster than it is with prompts that differ; UNIQUE=prefix gives each a text of its own`,
  ];
}
