import type { Exchange } from '../http/exchange';
import { vectorBase64 } from '../generation/vectors';
import { answerEmbeddings, sumOf, type Provider } from './answer';
import { openaiErrors } from './openai-wire';
import { areTexts, findModel, readFields } from './request';

const MAX_DIMENSIONS = 16_384;

/** POST /embeddings of the OpenAI API. */
export async function embeddings(exchange: Exchange, provider: Provider): Promise<void> {
  const { badRequest } = openaiErrors;
  const body = await readFields(exchange, openaiErrors);
  const { model: id } = body;
  if (typeof id !== 'string') throw badRequest('you must provide a model parameter', null, 'model');
  exchange.record.model = id;
  const model = findModel(exchange, provider.context, id, 'embedding', openaiErrors);
  const texts: unknown = typeof body.input === 'string' ? [body.input] : body.input;
  if (!areTexts(texts))
    throw badRequest("'input' must be a text, or a list of texts, that are not empty.", null, 'input');
  const format = body.encoding_format ?? 'float';
  if (format !== 'float' && format !== 'base64')
    throw badRequest("'encoding_format' must be float or base64.", null, 'encoding_format');
  const dimensions = body.dimensions ?? model.dimensions;
  if (!isDimension(dimensions))
    throw badRequest(`'dimensions' must be a whole number from 1 to ${MAX_DIMENSIONS}.`, null, 'dimensions');

  await answerEmbeddings(
    exchange,
    provider,
    { model, prompt: body.input, field: 'input', texts, dimensions, truncate: false },
    {
      errors: openaiErrors,
      ...(format === 'base64' ? { vector: (text, size) => `"${vectorBase64(text, size)}"` } : {}),
      body: (vectors, counts) => {
        const data = vectors.map((vector, index) => `{"object":"embedding","embedding":${vector},"index":${index}}`);
        const usage =
          counts === null ? '' : `,"usage":{"prompt_tokens":${sumOf(counts)},"total_tokens":${sumOf(counts)}}`;
        return `{"object":"list","data":[${data.join(',')}],"model":${JSON.stringify(id)}${usage}}`;
      },
    },
  );
}

function isDimension(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_DIMENSIONS;
}
