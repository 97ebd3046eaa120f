export { mix, type Call, type Kind, type Message, type Workload } from './mix';
export { random, type Random } from './random';
export { chats, oneOfEach, planMix, prompt, promptOfTokens, promptSizes } from './workloads';
