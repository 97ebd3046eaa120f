export { costCases } from './cost-cases';
export { embeddingTexts } from './data';
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
export { chats, chatsBothWays, oneOfEach, planMix, prompt, promptOfTokens, promptSizes } from './workloads';
