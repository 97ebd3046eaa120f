import type { StreamRecord } from 'k6/x/sse';
import { simulatorUrl, wireRoutes, type Parameters } from '../config';
import type { Kind } from '../workload';

type Answer = Pick<StreamRecord, 'status' | 'outcome' | 'error' | 'body' | 'headers'>;

/** What a probe asked for: `offered` are the models of the target's list, where it has one. */
export interface Asked {
  kind: Kind;
  model: string;
  offered: readonly string[];
}

/** Why a probe's answer makes the target untestable, in a sentence that says what to do; "" when it does not. */
export function refusal(
  answer: Answer,
  p: Pick<Parameters, 'baseUrl' | 'apiKeys' | 'auth' | 'credentials'> & Routed,
  asked: Asked,
): string {
  const { status, outcome } = answer;
  const at = p.baseUrl;
  const type = answer.headers['content-type'] ?? '';
  if (outcome === 'connect' && answer.error.startsWith('no token'))
    return `no request can be authenticated (AUTH=${p.auth}): ${answer.error}`;
  if (outcome === 'connect' && answer.error.startsWith('the proxy '))
    return `the target ${at} cannot be reached: ${answer.error}; PROXY=none asks without a proxy, and PROXY=… through another one`;
  if (outcome === 'connect') {
    const hint =
      at === simulatorUrl
        ? '`npm run simulator` starts the simulator, -e BASE_URL=… names another gateway'
        : /x509|certificate|tls:/i.test(answer.error)
          ? 'CA_FILE names the authority to trust, CERT_FILE and KEY_FILE the certificate that a gateway may ask for; INSECURE=true checks nothing'
          : 'is the gateway running, and BASE_URL right?';
    return `the target ${at} cannot be reached: ${answer.error || 'no connection'}; ${hint}`;
  }
  if (status === 401 || status === 403) {
    const key = p.credentials
      ? `check what AUTH=${p.auth} sends, and its scopes`
      : p.apiKeys.length === 0
        ? `no key was sent (${p.auth === 'none' ? 'AUTH' : 'API_KEY'}=none)`
        : 'check API_KEY, its expiry and its scopes, and with AUTH the header that it belongs in';
    return `the target ${at} refused the key with ${status} (${detail(answer)}); ${key}`;
  }
  if (status === 400 && /"type":\s*"no_db_connection"/.test(answer.body)) {
    return `the target ${at} refused the key with 400 (${detail(answer)}); a LiteLLM without a database knows its master key alone, and says so: check API_KEY`;
  }
  // A page that a failing proxy writes is the target's failure, and for the load to find.
  if (status >= 500) return '';
  if (/text\/html/.test(type) || /^\s*<(!doctype|html)/i.test(answer.body)) {
    return `the target ${at} answered with an HTML page (status ${status}), not an API; BASE_URL must end before /chat/completions, as an OpenAI client's base URL does`;
  }
  if (status >= 300 && status < 400)
    return `the target ${at} answered with a redirect (${status}); give BASE_URL the address that it points to`;
  if (asked.kind === 'models') {
    if (status !== 404) return '';
    return `the target ${at} has no model list (404: ${detail(answer)}), and this load asks for it; KINDS=chat,embedding leaves it out`;
  }
  if (isWrongPath(answer, asked))
    return `the target ${at} answered ${status} to ${routeOf(asked.kind, p)} (${detail(answer)}), so it has no such path; ${baseUrlHint(p)}${wayOut(answer, asked.kind)}`;
  if ((status === 400 || status === 404 || status === 422) && outcome === 'http_4xx') {
    const name = asked.kind === 'embedding' ? 'EMBEDDING_MODEL' : 'MODEL';
    const known =
      asked.offered.length === 0
        ? ''
        : asked.offered.includes(asked.model)
          ? ' (the model is in its list, so the request itself is refused)'
          : `; it offers ${asked.offered.slice(0, 20).join(', ')}`;
    return `the target ${at} does not take ${name}=${asked.model}: ${status} (${detail(answer)})${known}${wayOut(answer, asked.kind)}`;
  }
  if (isErrorIn200(answer))
    return `the target ${at} answered ${routeOf(asked.kind, p)} with status 200 and an error (${detail(answer)}); ${baseUrlHint(p)}`;
  if (outcome === 'malformed' && status === 200 && asked.kind === 'chat' && answer.error.includes('content coding')) {
    return `the target ${at} cannot be read: ${answer.error}; turn that coding off in the gateway, or in the proxy before it`;
  }
  if (outcome === 'malformed' && status === 200 && asked.kind === 'chat' && type.includes('text/event-stream')) {
    return `the target ${at} streams what no client can read: ${answer.error}`;
  }
  if (outcome === 'malformed' && status === 200 && asked.kind === 'chat') {
    return `the target ${at} did not stream: asked for server-sent events, it answered with ${type || 'no content type'}; tests of streams need a gateway that streams`;
  }
  return '';
}

/** Parameters that help where a target does not take a request as it is worded, in words; "" when none is known. */
function wayOut(answer: Pick<Answer, 'status' | 'body'>, kind: Kind): string {
  const said = detail(answer);
  if (/stream_options|include_usage/.test(said)) return '. STREAM_OPTIONS=none sends no stream_options';
  if (/max_completion_tokens/.test(said))
    return '. MAX_TOKENS_FIELD=max_completion_tokens sends MAX_TOKENS under the name that it takes';
  if (/\bbatch\b/i.test(said)) return '. BATCH=1-32 sends batches of at most 32 texts';
  if (/api[-_ ]?version/i.test(said))
    return '. A query of BASE_URL, as ?api-version=2024-10-21, is kept on every route';
  if (kind === 'embedding' && (answer.status === 404 || answer.status === 405))
    return '. A gateway without embeddings runs with KINDS=chat';
  return '';
}

type Routed = Pick<Parameters, 'wire'> & Partial<Pick<Parameters, 'embeddingWire'>>;

/** The path that a kind of request goes to. */
function routeOf(kind: Kind, { wire, embeddingWire }: Routed): string {
  return kind === 'embedding'
    ? `/${embeddingWire ?? 'embeddings'}`
    : kind === 'models'
      ? '/models'
      : `/${wireRoutes[wire]}`;
}

const baseUrlHint = (p: Pick<Parameters, 'wire'>) =>
  `the usual cause is a BASE_URL without its last part, as /v1: it must end before ${routeOf('chat', p)}, as an OpenAI client's base URL does`;

/**
 * The target does not know the path, and does not complain of the model: what has answered to this path before, or speaks
 * of a model, has the path.
 */
export function isWrongPath(answer: Pick<Answer, 'status' | 'body'>, { offered }: Asked): boolean {
  if (answer.status === 405) return true;
  return answer.status === 404 && offered.length === 0 && !/model/i.test(detail(answer));
}

/** As LM Studio answers a path that it does not know. */
export function isErrorIn200({ outcome, status, body }: Pick<Answer, 'outcome' | 'status' | 'body'>): boolean {
  if (status !== 200 || body === '') return false;
  if (outcome === 'stream_error') return true;
  return outcome !== 'ok' && /^\s*\{\s*"error"/.test(body);
}

/** The target's own words, short: `detail` (FastAPI), `error.message` (OpenAI), or the start of the body. */
export function detail({ body }: Pick<Answer, 'body'>): string {
  let words = body;
  try {
    const parsed = JSON.parse(body) as { detail?: unknown; error?: { message?: unknown } | string };
    const found = parsed.detail ?? (typeof parsed.error === 'object' ? parsed.error.message : parsed.error);
    if (found !== undefined) words = typeof found === 'string' ? found : JSON.stringify(found);
  } catch {
    // Not JSON: the text as it is.
  }
  const line = words.replace(/\s+/g, ' ').trim();
  return line === '' ? 'no text' : line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
