import secrets from 'k6/secrets';
import { conceal } from 'k6/x/sse';
import { namesOf, ParameterError, parseTarget, secretsOf, withTarget, type TargetFile } from '../config';
import { openFromHere } from './files';

/*
 * The file that TARGET names, and the secrets that it refers to.
 */

/** Reads the file; undefined without TARGET. Throws a {@link ParameterError}. */
function readTarget(): { file: TargetFile; path: string } | undefined {
  const path = __ENV.TARGET?.trim();
  if (path === undefined) return undefined;
  let content: string;
  try {
    content = openFromHere(path);
  } catch {
    throw new ParameterError(`TARGET=${path} is wrong: no such file can be read; targets/ has examples`);
  }
  return { file: parseTarget(content, path), path };
}

/** Names of secrets that a run may ask k6's --secret-source for. What is wrong with the file is told later. */
function secretNames(): string[] {
  try {
    const target = readTarget();
    return target ? secretsOf(target.file).flatMap((each) => ('secret' in each ? [each.secret] : [])) : [];
  } catch {
    return [];
  }
}

/** Secrets by name. k6 gives them in promises, so they are asked for while the script is loaded. */
const known = new Map<string, string>();
for (const name of new Set(secretNames())) {
  const value = await secrets.get(name).catch(() => undefined);
  if (value !== undefined) known.set(name, value);
}

/** The parameters' environment: what -e says, and behind it what the target's file says. */
export function environmentOfRun(): Readonly<Record<string, string | undefined>> {
  const target = readTarget();
  if (!target) return __ENV;
  return withTarget(target.file, target.path, {
    env: __ENV,
    readFile: openFromHere,
    secret: (name) => known.get(name),
    found: (value) => conceal([value]),
  });
}

/** Names that the target's file reads from the environment. */
export function namesOfTarget(): string[] {
  try {
    const target = readTarget();
    return target ? namesOf(target.file) : [];
  } catch {
    return [];
  }
}
