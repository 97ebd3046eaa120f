import { isFields } from '../../../lib/config';
import { random } from '../../../lib/statistics';
import { disturbance } from '../../../lib/verdict';
import type { PlanEntry } from '../plan/record';
import { cases, type Case } from './cases';
import type { Claim } from './claims';
import { falseClaims } from './judge';

/*
 * Sets of three flaws that are on together, and what the plan has to say of them.
 */

const inOne = 3;

/** What the settings of a case touch, as `gateway.flaws.coalesce`. */
export function touched({ settings }: Pick<Case, 'settings'>): string[] {
  const { gateway = {}, provider = {} } = settings as { gateway?: Record<string, unknown>; provider?: object };
  const flaws = isFields(gateway.flaws) ? Object.keys(gateway.flaws).map((name) => `gateway.flaws.${name}`) : [];
  const others = Object.keys(gateway).filter((name) => name !== 'flaws');
  return [
    ...flaws,
    ...others.map((name) => `gateway.${name}`),
    ...(Object.keys(provider).length > 0 ? ['provider'] : []),
  ];
}

/** Flaws that a script is sure to name, and that let others be measured. */
const drawnFrom: readonly Case[] = cases.filter(
  ({ finds, hidesOthers }) => !hidesOthers && Object.values(finds).some(({ mayPass }) => !mayPass),
);

/** Whether two flaws can be told apart when both are on: they change different settings, and neither hides the other. */
function apart(one: Case, other: Case): boolean {
  const settings = touched(other);
  const hides = (a: Case, b: Case) => a.hides?.includes(b.name) === true;
  return !touched(one).some((setting) => settings.includes(setting)) && !hides(one, other) && !hides(other, one);
}

/** The set of this number: three flaws, of which each can be told from the others. */
export function setOf(seed: number, number: number): Case[] {
  const draws = random(seed, number);
  const set: Case[] = [];
  while (set.length < inOne) {
    const drawn = drawnFrom[draws.below(drawnFrom.length)]!;
    if (set.every((each) => apart(each, drawn))) set.push(drawn);
  }
  return set;
}

/** The scripts that are for the flaws of a set. */
export const scriptsFor = (set: readonly Case[]) => [...new Set(set.flatMap(({ finds }) => Object.keys(finds)))];

export interface SetResult {
  /** By flaw: the script that named it, or undefined. */
  named: { flaw: string; by: string | undefined }[];
  /** What was claimed and is not there, with the script. */
  untrue: string[];
  /** Scripts whose runs the machine disturbed. */
  disturbed: string[];
}

/** Whether the measuring machine disturbed the run of a script. */
export const isDisturbed = ({ reasons }: PlanEntry) => disturbance(reasons) !== undefined;

/** Holds what the plan said to what was on. */
export function heldTo(set: readonly Case[], entries: readonly PlanEntry[]): SetResult {
  const disturbed = entries.filter(isDisturbed);
  const sound = entries.filter((entry) => entry.state === 'done' && !disturbed.includes(entry));
  const saidBy = (entry: PlanEntry) => [...entry.findings, ...entry.reasons].join('\n');
  const allowed: Claim[] = set.flatMap((each) => each.true);
  return {
    named: set.map(({ name, finds }) => ({
      flaw: name,
      by: sound.find((entry) => finds[entry.script]?.says.test(saidBy(entry)))?.script,
    })),
    untrue: sound.flatMap((entry) => falseClaims(saidBy(entry), allowed).map((fault) => `${entry.script}: ${fault}`)),
    disturbed: disturbed.map(({ script }) => script),
  };
}
