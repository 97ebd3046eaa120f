import { simulatorUrl } from '../../../lib/config';
import { lineOf, type Need } from './lines';

/*
 * What a target cannot show: then a script is not run, and the plan says why.
 */

const why: Record<Need, string> = {
  PROVIDER_URL: 'PROVIDER_URL is not given, and it looks for what only the simulated provider behind the gateway knows',
  METRICS_URLS: "METRICS_URLS is not given, and it looks at the target's own figures",
  RESTART_URL: 'RESTART_URL is not given, and it stops the target and starts it again',
};

/** What a script lacks, as a sentence; "" when nothing. `given` has the parameters, of the command line and the environment. */
export function lacking(script: string, given: NodeJS.ProcessEnv): string {
  const missing = (lineOf(script).needs ?? []).find((need) => !has(need, given));
  return missing === undefined ? '' : why[missing];
}

function has(need: Need, given: NodeJS.ProcessEnv): boolean {
  const value = given[need];
  if (value !== undefined && value !== '') return value !== 'none';
  // The simulator's own provider, and its page, are known without being named.
  const simulator = given.TARGET === undefined && (given.BASE_URL ?? simulatorUrl).replace(/\/+$/, '') === simulatorUrl;
  return need !== 'RESTART_URL' && simulator;
}

/**
 * A line's parameters for a target: how often its page is read is refused where there is none. `given` as for `lacking`.
 */
export function forTarget(line: Readonly<Record<string, string>>, given: NodeJS.ProcessEnv): Record<string, string> {
  const { METRICS_INTERVAL, ...others } = line;
  return METRICS_INTERVAL !== undefined && has('METRICS_URLS', given) ? { ...others, METRICS_INTERVAL } : others;
}

/** Of what scripts refuse before the load: that the target lacks something. Everything else is a wrong argument. */
const lacks = [
  /^(?:PROVIDER_URL|METRICS_URLS|RESTART_URL|API_KEYS_FILE) is missing: /,
  /two models of different providers are wanted/,
  /^KINDS=\S+ cannot be used with /,
  /^\S+ cannot be run against TARGET=.* that target has none/,
];

/**
 * Whether a script's refusal says that the target lacks what it needs, so that it is left out and the plan goes on.
 */
export const isLack = (sentence: string) => lacks.some((words) => words.test(sentence));
