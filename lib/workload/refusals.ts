import { exactPrompt } from './exact';
import type { Call, RefusedCall, Workload } from './mix';

/*
 * Requests that a gateway refuses, each at another stage: what they take is what comes before, and no provider is asked.
 */

/** What never reaches a provider, made by a feature of the script, each by its case. */
export const noProvider: Workload = {
  kinds: ['models', 'refused'],
  fixed: true,
  next: () => ({ kind: 'models', size: 'list' }),
};

/** Begins each key that is made up to be refused: what begins so is no secret (madeUp in xk6-sse/internal/secrets). */
export const madeUpKey = 'gsai-perf-no-such-key';

const json = (body: object) => JSON.stringify(body);
/** A body that is refused where a model is known, since its message has no role that there is. */
const nobody = (model: string, content: string) => json({ model, messages: [{ role: 'nobody', content }] });

/** Refused for what is wrong with the address, the key, or the model. */
export const refusals: readonly Omit<RefusedCall, 'kind'>[] = [
  // Some gateways ask for the key first, on every path.
  { size: 'wrong-path', wanted: [404, 405, 401, 403], method: 'GET', route: 'no-such-path', key: '' },
  { size: 'no-key', wanted: [401, 403], key: '', body: nobody('none', '') },
  { size: 'wrong-key', wanted: [401, 403], key: madeUpKey, body: nobody('none', '') },
  {
    size: 'unknown-model',
    wanted: [400, 403, 404, 422],
    body: json({ model: 'no-such-model', messages: [{ role: 'user', content: 'hello' }] }),
  },
];

/** A word of data/words.json has so many characters with its space, on average: a KB has so many words. */
const wordsInKb = 152;

/** A body of about so many KB that is refused when it has been parsed and validated. */
export function badBody(size: string, model: string, kb: number, own: string): RefusedCall {
  return {
    kind: 'refused',
    size,
    wanted: [400, 422],
    body: nobody(model, exactPrompt(Math.round(kb * wordsInKb), own)),
  };
}

/** Tokens of the prompts whose beginning may be kept: longer than what providers keep at the least (1,024). */
const promptTokens = 1500;
const answerTokens = 16;

const always = [
  'one-model',
  'models-in-turn',
  'one-wrong-key',
  'new-keys',
  'new-key-together',
  'new-prompts',
  'same-prefix',
  'same-prompt',
] as const;
const withKeys = ['one-key', 'keys-in-turn'] as const;
type CacheCase = (typeof always)[number] | (typeof withKeys)[number];

/** The cases of the script `caching`; with several keys, keys in turn too. */
export function cacheCases(keys: number): { name: CacheCase }[] {
  return [...always, ...(keys > 1 ? withKeys : [])].map((name) => ({ name }));
}

/** The call of a case. `block`: what the block's requests share; `within`: which of them it is. */
export function cacheCall(
  name: CacheCase,
  at: { id: string; block: string; within: number; models: readonly string[]; keys: readonly string[] },
): Call {
  const { id, block, within, models, keys } = at;
  const refused = (model: string, key?: string): RefusedCall => ({
    kind: 'refused',
    size: name,
    wanted: name.includes('wrong-key') || name.startsWith('new-key') ? [401, 403] : [400, 422],
    body: nobody(model, 'hello'),
    key,
  });
  const chat = (content: string): Call => ({
    kind: 'chat',
    size: name,
    model: models[0]!,
    maxTokens: answerTokens,
    messages: [{ role: 'user', content }],
  });
  switch (name) {
    case 'one-model':
      return refused(models[0]!);
    case 'models-in-turn':
      return refused(models[within % models.length]!);
    case 'one-wrong-key':
      return refused(models[0]!, madeUpKey);
    case 'new-keys':
      return refused(models[0]!, `${madeUpKey}-${id}`);
    case 'new-key-together':
      return refused(models[0]!, `${madeUpKey}-together-${block}`);
    case 'one-key':
      return refused(models[0]!, keys[0]);
    case 'keys-in-turn':
      return refused(models[0]!, keys[within % keys.length]);
    case 'new-prompts':
      return chat(exactPrompt(promptTokens, id));
    case 'same-prefix':
      return chat(`${exactPrompt(promptTokens - 20, `${block}prefix`)} ${exactPrompt(20, id)}`);
    case 'same-prompt':
      return chat(exactPrompt(promptTokens, `${block}prompt`));
  }
}
