import type { ParameterRow } from './row';

/** The parameters of exchange.ts, as the table of all has them. */
export const exchangeRows: ParameterRow[] = [
  {
    name: 'WIRE',
    default: 'chat',
    allowed: 'chat, responses, messages, completions',
    meaning:
      "how chats are worded: OpenAI's chat completions, OpenAI's Responses, Anthropic's Messages, or the older completions",
  },
  {
    name: 'EMBEDDING_WIRE',
    default: 'embeddings',
    allowed: 'embeddings, rerank',
    meaning:
      "what embedding requests are sent as. rerank measures a reranker (EMBEDDING_MODEL) on Cohere's wire, which LiteLLM, vLLM and Jina speak too: the first text is the query, the others are the documents",
  },
  {
    name: 'ROUTES',
    default: "the wire's",
    allowed: 'JSON object, or @file',
    meaning:
      'where requests go below BASE_URL, such as {"chat":"deployments/{model}/chat/completions"}; chat, embedding and models can be given, and {model} stands for the model',
  },
  {
    name: 'HEADERS',
    default: 'none',
    allowed: 'JSON object, or @file',
    meaning: 'headers of every request, such as {"x-team":"perf"}; null takes a header away',
  },
  {
    name: 'BODY',
    default: 'none',
    allowed: 'JSON object, or @file',
    meaning:
      'fields that are merged into the body of every chat request, such as {"temperature":0}; null takes a field away. Its fields dimensions, encoding_format and input_type go to embedding requests',
  },
  {
    name: 'EMBEDDING_BODY',
    default: 'none',
    allowed: 'JSON object, or @file',
    meaning: 'the same for the body of every embedding request',
  },
  {
    name: 'STREAM_OPTIONS',
    default: 'usage',
    allowed: 'usage, none',
    meaning: 'usage asks for the usage at the end of a stream with stream_options; none sends no stream_options',
  },
  {
    name: 'MAX_TOKENS_FIELD',
    default: "the wire's: max_tokens, or max_output_tokens of responses",
    allowed: 'name of a field',
    meaning: 'the field in which MAX_TOKENS is sent; reasoning models of OpenAI want max_completion_tokens',
  },
  { name: 'SYSTEM', default: 'none', allowed: 'text, or @file', meaning: 'a system message before every chat' },
  {
    name: 'FIRST_TIMEOUT',
    default: '30s',
    allowed: 'duration like 60s',
    meaning: 'how long the first byte of an answer, and then its first content, are waited for',
  },
  {
    name: 'IDLE_TIMEOUT',
    default: '30s',
    allowed: 'duration like 60s',
    meaning: 'how long an answer that has begun may be silent',
  },
  {
    name: 'TOTAL_TIMEOUT',
    default: '120s, or twice the longer of the other two',
    allowed: 'duration like 10m',
    meaning: 'how long a whole answer may take',
  },
  {
    name: 'DRAIN',
    default: 'TOTAL_TIMEOUT and 5 s',
    allowed: 'duration like 2m',
    meaning:
      'how long answers that are under way at the end of the load may go on; what is cut off then makes no figure',
  },
  {
    name: 'KINDS',
    default: 'all that the script has',
    allowed: 'list of chat, embedding, models',
    meaning: 'only these kinds of request are sent; the rest keep their shares among each other',
  },
  {
    name: 'PROMPTS',
    default: "the project's",
    allowed: 'path of a JSONL or CSV file',
    meaning:
      'prompts of your own: on each line a text, {"prompt": …}, {"messages": […]} or ShareGPT\'s {"conversations": […]}; or a CSV with a column prompt. A line may have system, image and file (data URIs), and max_tokens too. The file may be larger than the memory',
  },
  {
    name: 'TEXTS',
    default: "the project's",
    allowed: 'path of a JSONL or CSV file',
    meaning: 'texts of your own to embed: on each line a text or {"text": …}; or a CSV with a column text',
  },
  {
    name: 'COLUMNS',
    default: 'our names',
    allowed: 'JSON object, or @file',
    meaning:
      'what the files of PROMPTS and TEXTS call what they hold: {"prompt":"question","image":"meta.picture"} takes the prompt from question, and the image from picture in meta',
  },
  {
    name: 'PREFIX_SHARE',
    default: 'none',
    allowed: 'number from 0 to 1',
    meaning:
      'this share of the chats begins with a text of PREFIX_TOKENS tokens that they have in common, so that caches of beginnings can be measured; their size is prefix. sessions has such a text anyway',
  },
  {
    name: 'UNIQUE',
    default: 'none',
    allowed: 'prefix, suffix',
    meaning: 'each chat has a text of its own before its first message, or behind its last, so that no cache knows it',
  },
  {
    name: 'BATCH',
    default: "the workload's: 10-96 in the plan's mix",
    allowed: 'number or range, like 32 or 1-32',
    meaning: 'how many texts an embedding request with a batch has',
  },
];
