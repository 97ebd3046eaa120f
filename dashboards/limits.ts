import { readdirSync, readFileSync } from 'node:fs';
import { parseObjectives } from '../lib/objectives';
import { kindOf, type Ask, type Measurement } from './ask';

interface Limit {
  value: number;
  scripts: string[];
  text: string;
}

/** The limits that thresholds/*.json set on a statistic of a metric, each value once, with whose they are. */
export function limits(metric: Measurement, stat: string): Limit[] {
  const byValue = new Map<number, { script: string; name: string }[]>();
  for (const file of readdirSync('thresholds').sort()) {
    const { objectives } = parseObjectives(
      JSON.parse(readFileSync(`thresholds/${file}`, 'utf8')),
      `thresholds/${file}`,
    );
    const script = file.replace('.json', '');
    for (const objective of objectives) {
      if (!('metric' in objective) || objective.metric !== metric || objective.stat !== stat) continue;
      for (const value of [objective.below, objective.atMost, objective.atLeast]) {
        if (value !== undefined) byValue.set(value, [...(byValue.get(value) ?? []), { script, name: objective.name }]);
      }
    }
  }
  return [...byValue]
    .sort(([a], [b]) => a - b)
    .map(([value, whose]) => ({
      value,
      scripts: [...new Set(whose.map(({ script }) => script))],
      text: `${value}: ${whose.map(({ script, name }) => `${script} (${name})`).join(', ')}`,
    }));
}

/** What the legend of a limit begins with: by it the line is dashed. */
export const limitName = 'limit ';

/**
 * A line at each limit, as a question that only runs of its scripts answer: so a dashboard shows the limits of the run
 * that is chosen, and no others.
 */
export function limitAsks(of: Ask, found: readonly Limit[]): Ask[] {
  const { from, scope } = of;
  return found.map(({ value, scripts }) => ({
    select: [],
    from,
    scope,
    scripts,
    line: value,
    alias: `${limitName}${value}${kindOf(from).time ? ' ms' : ''}`,
  }));
}
