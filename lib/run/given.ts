import { fromSystem } from 'k6/x/sse';
import { givenNames, ParameterError, refuseGivenProxies } from '../config';
import { namesOfTarget } from './target';

/*
 * Names that were given by -e and are no parameter.
 */

/** In the init context of the run; its VUs, which come after it, need not look again. Throws a {@link ParameterError} about names that are close to a parameter's. */
export function refuseMisspelt(): void {
  if (__VU > 0) return;
  refuseGivenProxies(__ENV, fromSystem);
  const { misspelt } = givenNames(__ENV, fromSystem, namesOfTarget());
  if (misspelt.length === 0) return;
  const told = misspelt.map(([name, meant]) => `${name} is no parameter: was ${meant} meant?`).join(' ');
  throw new ParameterError(
    `${told} Nothing was sent. Correct the name or leave it out; npm run params lists all parameters`,
  );
}

/** What is to be known of other names that this run does not read, as sentences. */
export function unreadNames(): string[] {
  const { unknown, doubtful } = givenNames(__ENV, fromSystem, namesOfTarget());
  return [
    ...unknown.map((name) =>
      name.startsWith('K6_')
        ? `-e ${name} has no effect: k6 reads it from the environment that it is started in, and not from -e`
        : `-e ${name} has no effect: it is no parameter; npm run params lists all parameters`,
    ),
    ...doubtful.map(
      ([name, meant]) => `${name} in the environment has no effect: if ${meant} was meant, correct the name`,
    ),
  ];
}
