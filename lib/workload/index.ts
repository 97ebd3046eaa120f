export { batchSizes } from './batches';
export { costCases } from './cost-cases';
export { embeddingTexts, storedTexts } from './data';
export { exactPrompt } from './exact';
export {
  byPhase,
  mix,
  type Call,
  type ChatCall,
  type EmbeddingCall,
  type Kind,
  type Message,
  type RefusedCall,
  type Share,
  type Workload,
} from './mix';
export { chatOf, unique } from './own-prompts';
export { leftOut, restricted, withBatch } from './restrict';
export {
  anyChat,
  anyEmbedding,
  chats,
  chatsBothWays,
  listsAndChats,
  longAnswer,
  oneOfEach,
  planMix,
  prompt,
  promptOfTokens,
  promptSizes,
  repeatedText,
  textsOf,
  singleEmbedding,
} from './workloads';
export {
  chatOfTokens,
  publicCount,
  sizesUpTo,
  tokenCount,
  wordsFor,
  type TokenCount,
} from './token-count';
export { badBody, cacheCall, cacheCases, noProvider, refusals } from './refusals';
