import type { Exchange } from '../http/exchange';
import { answerEmbeddings, sumOf, type Provider } from './answer';
import { openaiErrors } from './openai-wire';
import { areTexts, findModel, isPositive, readFields } from './request';

/**
 * POST /rerank, as Cohere, Jina and LiteLLM have it: `query`, `documents` (texts or {"text"}), `top_n`. An embedding model
 * puts the documents in order by their likeness to the query.
 */
export async function rerank(exchange: Exchange, provider: Provider): Promise<void> {
  const { badRequest } = openaiErrors;
  const body = await readFields(exchange, openaiErrors);
  const { model: id, query } = body;
  if (typeof id !== 'string') throw badRequest('you must provide a model parameter', null, 'model');
  exchange.record.model = id;
  const model = findModel(exchange, provider.context, id, 'embedding', openaiErrors);
  if (typeof query !== 'string' || query === '')
    throw badRequest("'query' must be a text that is not empty.", null, 'query');
  const given: unknown[] = Array.isArray(body.documents) ? body.documents : [];
  const documents = given.map((each) => (isText(each) ? each.text : each));
  if (!areTexts(documents))
    throw badRequest("'documents' must be a list of texts that are not empty.", null, 'documents');
  const most = body.top_n ?? documents.length;
  if (!isPositive(most)) throw badRequest("'top_n' must be a whole number from 1.", null, 'top_n');

  await answerEmbeddings(
    exchange,
    provider,
    {
      ...{ model, prompt: body.documents, field: 'documents', texts: [query, ...documents] },
      ...{ dimensions: 1, truncate: false },
    },
    {
      errors: openaiErrors,
      vector: () => '',
      body: (_, counts) => {
        const results = documents
          .map((text, index) => ({ index, relevance_score: similarity(query, text) }))
          .sort((a, b) => b.relevance_score - a.relevance_score)
          .slice(0, most);
        return JSON.stringify({ id: exchange.record.id ?? 'rerank', results, ...(counts && told(sumOf(counts))) });
      },
    },
  );
}

/** Cohere tells its tokens in `meta`, Jina and vLLM in `usage`: who asks reads one of them. */
const told = (tokens: number) => ({
  meta: { tokens: { input_tokens: tokens } },
  usage: { prompt_tokens: tokens, total_tokens: tokens },
});

const isText = (value: unknown): value is { text: unknown } =>
  typeof value === 'object' && value !== null && 'text' in value;

/** The share of the query's words that stand in the text: what is alike comes first, and the same texts score the same. */
function similarity(query: string, text: string): number {
  const words = (of: string) => new Set(of.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  const wanted = words(query);
  const has = words(text);
  return wanted.size === 0 ? 0 : [...wanted].filter((word) => has.has(word)).length / wanted.size;
}
