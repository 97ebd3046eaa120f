import { nowNs, NS_PER_MS } from '../clock';
import { playEarlyFault, sendPlainWithFault } from '../early-fault';
import { chooseFault } from '../generation';
import type { Exchange } from '../http';
import type { Port } from '../port';
import type { Quotas } from '../quota';
import { draw, seededRandom } from '../random';
import { tokensOfEach } from '../tokens';
import { promptSha } from '../truth';
import { vectorJson } from '../vectors';
import { badRequest, openaiFailure, rateLimited } from './openai-wire';
import { checkContext, directiveOf, findModel, readFields } from './request';

const MAX_DIMENSIONS = 16_384;

/** POST /embeddings of the OpenAI API. A directive may stand in the first text (its `ttft` is the time to the answer). */
export async function embeddings(exchange: Exchange, port: Port, quotas: Quotas): Promise<void> {
  const { record, response } = exchange;
  const body = await readFields(exchange);
  if (typeof body.model === 'string') record.model = body.model;
  const model = findModel(exchange, port, body.model, 'embedding');
  const texts = textsOf(body.input);
  const format = body.encoding_format ?? 'float';
  if (format !== 'float') throw badRequest("'encoding_format' must be float in this simulator.", null, 'encoding_format');
  const dimensions = body.dimensions ?? model.dimensions;
  if (!isDimension(dimensions)) throw badRequest(`'dimensions' must be a whole number from 1 to ${MAX_DIMENSIONS}.`, null, 'dimensions');

  record.prompt_sha = promptSha(body.input);
  const counts = await tokensOfEach(texts);
  const tokens = counts.reduce((sum, count) => sum + count, 0);
  record.prompt_tokens = tokens;
  const directive = directiveOf(texts[0] ?? '', exchange);
  for (const count of counts) checkContext(count, model, 'input');

  const random = seededRandom(port.store.current.seed, record.seq);
  const wait = quotas.take(`openai/${record.region}/${record.model}`, model.quota, tokens);
  if (wait !== null) throw rateLimited(wait);
  const fault = chooseFault(model, directive, random);
  if (await playEarlyFault(exchange, fault, openaiFailure, port.pacer)) return;

  const latency = directive.ttft_ms ?? draw(model.ttft_ms, random) + (tokens / 1000) * model.ttft_per_1k_prompt_tokens_ms;
  const due = record.received_ns + latency * NS_PER_MS;
  await new Promise<void>((resolve) => void port.pacer.at(due, resolve));
  if (response.destroyed) return;
  const data = texts.map((text, index) => `{"object":"embedding","embedding":${vectorJson(text, dimensions)},"index":${index}}`);
  port.truth.lateness.add((nowNs() - due) / NS_PER_MS);
  const usage = fault?.name === 'no_usage' ? '' : `,"usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}`;
  sendPlainWithFault(exchange, fault, `{"object":"list","data":[${data.join(',')}],"model":${JSON.stringify(body.model)}${usage}}`);
}

function isDimension(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_DIMENSIONS;
}

function textsOf(input: unknown): string[] {
  const texts: unknown = typeof input === 'string' ? [input] : input;
  if (!Array.isArray(texts) || texts.length === 0 || !texts.every((text): text is string => typeof text === 'string' && text !== '')) {
    throw badRequest("'input' must be a text, or a list of texts, that are not empty.", null, 'input');
  }
  return texts;
}
