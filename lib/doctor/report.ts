import type { Parameters, TargetFile } from '../config';
import type { Finding } from './questions';

const mark = (works: boolean | null) => (works === null ? '-' : works ? 'yes' : 'NO');

/** What was found, a line for each question. */
export function table(found: readonly Finding[]): string {
  const width = Math.max(...found.map(({ question }) => question.length));
  return found
    .map(({ question, works, says, parameters = {} }) => {
      const help = Object.entries(parameters).map(([name, value]) => ` -> ${name}=${value}`);
      return `${question.padEnd(width)}  ${mark(works).padEnd(3)}  ${says}${help.join('')}`;
    })
    .join('\n');
}

/** A target file with what was found. Secrets are references: the key's is API_KEY of the environment. */
export function startingFile(
  p: Parameters,
  env: Readonly<Record<string, string | undefined>>,
  found: readonly Finding[],
  chats: boolean,
): TargetFile {
  const parameters: Record<string, string> = Object.assign({}, ...found.map((each) => each.parameters ?? {}));
  const works = (question: string) => found.some((each) => each.question === question && each.works);
  const batch = Number(/(\d+)$/.exec(parameters.BATCH ?? '')?.[1] ?? 0);
  const routes: NonNullable<TargetFile['routes']> = {
    ...p.routes,
    ...(chats ? {} : { chat: null }),
    ...(works('embeddings') ? {} : { embedding: null }),
    ...(works('a list of its models') ? {} : { models: null }),
  };
  // What may be secret is left to the parameters.
  const left = ['HEADERS', 'OAUTH_TOKEN_URL', 'TOKEN_FILE', 'TOKEN_COMMAND'].filter((name) => env[name] !== undefined);
  return {
    name: p.baseUrl.replace(/^https?:\/\/([^/]+).*$/, '$1'),
    about: `Written by npm run doctor.${left.length > 0 ? ` Give ${left.join(', ')} as before.` : ''}`,
    base_url: `${p.baseUrl}${p.query}`,
    ...(p.wire === 'chat' ? {} : { wire: p.wire }),
    ...(p.auth === 'bearer' ? {} : { auth: p.auth }),
    ...(p.apiKeys.length > 0 ? { key: { env: 'API_KEY' } } : {}),
    ...(p.apiKeys.length === 0 && !p.credentials ? { auth: 'none' } : {}),
    ...(Object.keys(p.body).length > 0 ? { body: p.body } : {}),
    ...(Object.keys(p.embeddingBody).length > 0 ? { embedding_body: p.embeddingBody } : {}),
    ...(parameters.STREAM_OPTIONS === 'none' || !p.streamOptions ? { stream_options: 'none' as const } : {}),
    ...(parameters.MAX_TOKENS_FIELD ? { max_tokens_field: parameters.MAX_TOKENS_FIELD } : {}),
    ...(Object.keys(routes).length > 0 ? { routes } : {}),
    models: {
      ...(chats ? { chat: p.models.length === 1 ? p.models[0]! : p.models } : {}),
      ...(works('embeddings') ? { embedding: p.embeddingModel } : {}),
    },
    ...(p.embeddingWire === 'rerank' ? { embedding_wire: p.embeddingWire } : {}),
    ...(p.tokenizers ? { tokenizers: { ...p.tokenizers } } : {}),
    ...(batch > 0 ? { limits: { embedding_batch: batch } } : {}),
    ...(p.unixSocket === undefined ? {} : { unix_socket: p.unixSocket }),
    ...(p.instanceHeader === undefined ? {} : { instance_header: p.instanceHeader }),
    ...(parameters.CACHE_HEADER ? { cache_header: parameters.CACHE_HEADER } : {}),
  };
}
