import { ParameterError, wrong, type Env } from './reading';
import { simulatorUrl } from './table';

/** Names of a query that would be a key. `sig` and `code` are Azure's, `key` is Google's. */
const keyNames =
  /^(api[-_]?key|apikey|key|x-api-key|access[-_]?token|auth[-_]?token|token|sig|signature|code|secret|password|subscription-key|ocp-apim-subscription-key)$/i;

/** The gateway's address: what stands before each route, and the query that stands behind. */
export function baseUrl(env: Env): { base: string; query: string } {
  const text = (env.BASE_URL ?? simulatorUrl).trim();
  if (/^https?:\/\/[^/?#]*@/i.test(text))
    throw new ParameterError(
      'BASE_URL holds a user name or password: give the key in API_KEY and leave it out of the address',
    );
  // Sobek has no URL class; this admits what an OpenAI client would take as a base URL, and a query.
  const match = /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:(\d{1,5}))?(\/[^\s?#]*)?(\?[^\s#]*)?$/i.exec(text);
  const port = Number(match?.[4] ?? 1);
  if (!match || port > 65535 || port < 1)
    throw wrong('BASE_URL', text.replace(/\?.*/, '?…'), 'an address like http://127.0.0.1:8080/api/v1 is wanted');
  const query = match[6] === '?' ? '' : (match[6] ?? '');
  for (const [name] of queryOf(query))
    if (keyNames.test(name))
      throw new ParameterError(
        `BASE_URL holds a key in its query (${name}): an address is written into the logs of the gateway and of every proxy before it. Give the key in API_KEY, with AUTH=header:NAME where the gateway wants it in a header of its own`,
      );
  const base = text.slice(0, text.length - (match[6]?.length ?? 0)).replace(/\/+$/, '');
  const route = /\/(chat\/completions|completions|responses|messages|embeddings|models)$/.exec(base);
  if (route)
    throw new ParameterError(
      `BASE_URL=${base} is wrong: it must end before ${route[0]}, as an OpenAI client's base URL does`,
    );
  return { base, query };
}

/** Names and values of a query, as they stand. */
function queryOf(query: string): [string, string][] {
  return query
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name, value.join('=')];
    });
}
