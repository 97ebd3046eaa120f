export { batchSizes } from './batches';
export { costCases } from './cost-cases';
export { drawnTexts, storedTexts } from './data';
export { exactPrompt } from './exact';
export {
  byPhase,
  joined,
  mix,
  type Content,
  type Part,
  type ToolCall,
  type Call,
  type ChatCall,
  type EmbeddingCall,
  type Kind,
  type Message,
  type RefusedCall,
  type Share,
  type Workload,
} from './mix';
export { chatOf, textOfRecord, unique } from './own-prompts';
export { picture, Session, type SessionPlan } from './session';
export { leftOut, restricted, withBatch } from './restrict';
export {
  anyChat,
  anyEmbedding,
  chats,
  chatsBothWays,
  chatsOrEmbeddings,
  dialogues,
  listsAndChats,
  longAnswer,
  oneOfEach,
  planMix,
  prompt,
  promptOfTokens,
  promptSizes,
  repeatedText,
  sharedBeginning,
  sizeOf,
  withBeginning,
  textsOf,
  singleEmbedding,
} from './workloads';
export {
  chatOfTokens,
  publicCount,
  sizesUpTo,
  tokenCount,
  type TokenCount,
} from './token-count';
export { badBody, cacheCall, cacheCases, madeUpKey, noProvider, refusals } from './refusals';
