import type { Config } from '../settings/types';
import { NO_REGION } from '../settings/deployments';
import { sendJson, type Exchange } from '../http/exchange';
import { isFields, type Fields } from '../settings/merge';
import { contentsOf, lastUserText } from '../generation/messages';
import { promptTokens } from '../generation/tokens';
import { promptSha } from '../truth/truth';
import { answerChat, answerEmbeddings, type Provider } from './answer';
import { areTexts, findModel, isPositive, readFields, type ApiErrors } from './request';
import { googleError, vertexAnswer, vertexErrors, vertexWire } from './vertex-wire';

export const VERTEX_PATHS = /^\/(?:v1|v1beta1)\/(?:projects|publishers)\//;
const ROUTE =
  /^\/(?:v1|v1beta1)\/(?:projects\/[^/]+\/locations\/([^/]+)\/)?publishers\/google\/models\/([^/:]+):(\w+)$/;

/** Vertex AI over REST: generateContent, streamGenerateContent, countTokens, and predict for embeddings. */
export async function vertex(exchange: Exchange, path: string, provider: Provider): Promise<void> {
  const { request, record } = exchange;
  const [, location, given, verb] = ROUTE.exec(path) ?? [];
  record.region = location ?? NO_REGION;
  const { searchParams } = new URL(request.url ?? '/', 'http://simulator');
  const sse = searchParams.get('alt') === 'sse';
  const errors = vertexErrors(verb === 'streamGenerateContent' && !sse);
  checkLogin(exchange, searchParams);
  if (request.method !== 'POST' || given === undefined || verb === undefined)
    throw googleError('NOT_FOUND', `${request.method} ${path} is not a route of this simulator.`);
  const id = modelId(provider.context.store.current, given);
  record.model = id;
  switch (verb) {
    case 'generateContent':
      return generate(exchange, provider, id, sse, errors);
    case 'streamGenerateContent':
      record.stream = true;
      return generate(exchange, provider, id, sse, errors);
    case 'countTokens':
      return count(exchange, provider, id, errors);
    case 'predict':
      return predict(exchange, provider, id, errors);
    default:
      throw googleError(
        'NOT_FOUND',
        `:${verb} is not a method of this simulator: generateContent, streamGenerateContent, countTokens, predict.`,
      );
  }
}

/** Any access token or API key will do. */
function checkLogin({ request }: Exchange, query: URLSearchParams): void {
  if (
    /^Bearer\s+\S/i.test(request.headers.authorization ?? '') ||
    request.headers['x-goog-api-key'] !== undefined ||
    query.has('key')
  )
    return;
  throw googleError(
    'UNAUTHENTICATED',
    'Request is missing required authentication credential. Expected OAuth 2 access token or API key.',
  );
}

/** The id in the settings; a version (`-001`, `@default`) may be left out there. */
function modelId({ provider }: Config, given: string): string {
  const bare = given.replace(/(?:@.+|-\d{3})$/, '');
  return !Object.hasOwn(provider.models, given) && Object.hasOwn(provider.models, bare) ? bare : given;
}

/** Google's contents as the messages of the other APIs, and the system's instruction before them. Throws a 400. */
function promptOf(body: Fields, errors: ApiErrors) {
  const { contents, systemInstruction = body.system_instruction } = body;
  if (!Array.isArray(contents) || contents.length === 0 || !contents.every(isFields))
    throw errors.badRequest('contents must be a list of contents that is not empty.');
  const messages = contents.map(({ role = 'user', parts }, index) => {
    if (role !== 'user' && role !== 'model')
      throw errors.badRequest(
        `contents[${index}].role is ${JSON.stringify(role)}. Please use a valid role: user, model.`,
      );
    if (!Array.isArray(parts) || parts.length === 0)
      throw errors.badRequest(`contents[${index}].parts must be a list of parts that is not empty.`);
    return { role, content: parts as unknown[] };
  });
  const system = isFields(systemInstruction) ? [{ content: systemInstruction.parts }] : [];
  return {
    prompt: contents,
    field: 'contents',
    contents: contentsOf([...system, ...messages]),
    lastUserText: lastUserText(messages),
  };
}

async function generate(
  exchange: Exchange,
  provider: Provider,
  id: string,
  sse: boolean,
  errors: ApiErrors,
): Promise<void> {
  const { record } = exchange;
  const model = findModel(exchange, provider.context, id, 'chat', errors);
  const body = await readFields(exchange, errors);
  const prompt = promptOf(body, errors);
  const config = body.generationConfig ?? body.generation_config;
  const maxTokens = (isFields(config) ? (config.maxOutputTokens ?? config.max_output_tokens) : undefined) ?? null;
  if (maxTokens !== null && !isPositive(maxTokens))
    throw errors.badRequest('generationConfig.maxOutputTokens must be a whole number from 1 on.');
  const tail = {
    modelVersion: id,
    createTime: new Date().toISOString(),
    responseId: `sim${String(record.seq).padStart(10, '0')}`,
  };
  await answerChat(
    exchange,
    provider,
    { model, ...prompt, maxTokens },
    {
      errors,
      impossible: sse || exchange.encoding !== undefined ? ['no_done'] : [],
      usageInStream: true,
      stream: () => vertexWire(tail, sse, exchange.encoding),
      plain: (text, reason, usage) => vertexAnswer(tail, text, reason, usage),
    },
  );
}

/** What a prompt would cost. No model is asked. */
async function count(exchange: Exchange, provider: Provider, id: string, errors: ApiErrors): Promise<void> {
  const { record } = exchange;
  findModel(exchange, provider.context, id, 'chat', errors);
  const { prompt, contents } = promptOf(await readFields(exchange, errors), errors);
  record.prompt_sha = promptSha(prompt);
  record.prompt_tokens = await promptTokens(contents);
  sendJson(exchange, 200, { totalTokens: record.prompt_tokens });
}

const MAX_TEXTS = 250;

async function predict(exchange: Exchange, provider: Provider, id: string, errors: ApiErrors): Promise<void> {
  const model = findModel(exchange, provider.context, id, 'embedding', errors);
  const { instances, parameters } = await readFields(exchange, errors);
  const texts: unknown = Array.isArray(instances)
    ? instances.map((instance: unknown) => (isFields(instance) ? instance.content : undefined))
    : undefined;
  if (!areTexts(texts))
    throw errors.badRequest('instances must be a list that is not empty, each with a text in content.');
  if (texts.length > MAX_TEXTS)
    throw errors.badRequest(`${texts.length} instance(s) is not allowed. Max allowed: ${MAX_TEXTS}.`);
  const { outputDimensionality = model.dimensions, autoTruncate = true }: Fields = isFields(parameters)
    ? parameters
    : {};
  if (!isPositive(outputDimensionality) || outputDimensionality > model.dimensions)
    throw errors.badRequest(`parameters.outputDimensionality must be a whole number from 1 to ${model.dimensions}.`);
  if (typeof autoTruncate !== 'boolean') throw errors.badRequest('parameters.autoTruncate must be true or false.');

  await answerEmbeddings(
    exchange,
    provider,
    { model, prompt: instances, field: 'instances', texts, dimensions: outputDimensionality, truncate: autoTruncate },
    {
      errors,
      body: (vectors, counts) => {
        const predictions = vectors.map((vector, index) => {
          const count = counts?.[index];
          const statistics =
            count === undefined ? '' : `,"statistics":{"truncated":${count.cut},"token_count":${count.tokens}}`;
          return `{"embeddings":{"values":${vector}${statistics}}}`;
        });
        return `{"predictions":[${predictions.join(',')}],"metadata":{"billableCharacterCount":${texts.join('').replace(/\s/g, '').length}}}`;
      },
    },
  );
}

/** What Google's SDKs look a model's interface up by. */
const EMBEDDING_SCHEMA = 'gs://google-cloud-aiplatform/schema/predict/instance/text_embedding_1.0.0.yaml';

/** ModelGardenService.GetPublisherModel: what Google's SDK for Python wants to know of a model before it embeds. */
export async function publisherModel(exchange: Exchange, name: string, provider: Provider): Promise<void> {
  const { record } = exchange;
  const errors = vertexErrors();
  record.region = NO_REGION;
  checkLogin(exchange, new URLSearchParams());
  const [, given] = /^publishers\/google\/models\/([^/]+)$/.exec(name) ?? [];
  if (given === undefined) throw errors.badRequest(`name is "${name}", but must be publishers/google/models/<id>.`);
  const id = modelId(provider.context.store.current, given);
  record.model = id;
  const model = provider.context.store.current.provider.models[id];
  if (model === undefined) throw errors.unknownModel(given);
  sendJson(exchange, 200, {
    name: `publishers/google/models/${given}`,
    versionId: 'default',
    publisherModelTemplate: `projects/{user-project}/locations/{location}/publishers/google/models/${given}`,
    ...(model.capability === 'embedding' ? { predictSchemata: { instanceSchemaUri: EMBEDDING_SCHEMA } } : {}),
  });
}
