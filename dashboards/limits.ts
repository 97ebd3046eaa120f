import { readdirSync, readFileSync } from 'node:fs';
import { ThresholdsConfigBuilder, ThresholdsMode, type Threshold } from '@grafana/grafana-foundation-sdk/dashboard';
import { parseObjectives } from '../lib/objectives';
import type { Measurement } from './influxql';

interface Limit {
  value: number;
  text: string;
}

/** The limits that thresholds/*.json set on a statistic of a metric, each value once, with whose they are. */
export function limits(metric: Measurement, stat: string): Limit[] {
  const byValue = new Map<number, string[]>();
  for (const file of readdirSync('thresholds').sort()) {
    const { objectives } = parseObjectives(
      JSON.parse(readFileSync(`thresholds/${file}`, 'utf8')),
      `thresholds/${file}`,
    );
    for (const objective of objectives) {
      if (!('metric' in objective) || objective.metric !== metric || objective.stat !== stat) continue;
      for (const value of [objective.below, objective.atMost, objective.atLeast]) {
        if (value !== undefined)
          byValue.set(value, [...(byValue.get(value) ?? []), `${file.replace('.json', '')} (${objective.name})`]);
      }
    }
  }
  return [...byValue]
    .sort(([a], [b]) => a - b)
    .map(([value, whose]) => ({ value, text: `${value}: ${whose.join(', ')}` }));
}

/** Lines at the limits: the strictest orange, the loosest red. */
export function lines(found: readonly Limit[]): ThresholdsConfigBuilder {
  const steps: Threshold[] = [
    { value: null, color: 'transparent' },
    ...found.map(({ value }, i) => ({ value, color: i === found.length - 1 ? 'red' : 'orange' })),
  ];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}
