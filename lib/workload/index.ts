export { costCases } from './cost-cases';
export { embeddingTexts } from './data';
export { exactPrompt } from './exact';
export {
  byPhase,
  mix,
  type Call,
  type ChatCall,
  type Kind,
  type Message,
  type RefusedCall,
  type Share,
  type Workload,
} from './mix';
export { leftOut, restricted, withBatch } from './restrict';
export {
  anyChat,
  chats,
  chatsBothWays,
  oneOfEach,
  planMix,
  prompt,
  promptOfTokens,
  promptSizes,
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
