export { mix, type Call, type ChatCall, type Kind, type Message, type Share, type Workload } from './mix';
export { random, type Random } from './random';
export { embeddingTexts } from './data';
export { chats, chatsBothWays, oneOfEach, planMix, prompt, promptOfTokens, promptSizes } from './workloads';
