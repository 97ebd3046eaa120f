// For exact-rate.long.e2e.test.ts: makes PROMPTS prompts of 1,000 tokens, and the bodies that they are sent in, in one VU.
import { snapshot } from 'k6/x/sse';
import { exactPrompt } from './exact';

export const options = { scenarios: { make: { executor: 'per-vu-iterations', vus: 1, iterations: 1 } } };

export default function (): void {
  const prompts = Number(__ENV.PROMPTS);
  const begun = Date.now();
  let bytes = 0;
  for (let i = 0; i < prompts; i++) {
    const content = exactPrompt(1000, `rate-${i}`);
    bytes += JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], stream: true }).length;
  }
  const seconds = (Date.now() - begun) / 1000;
  const rss = snapshot().instrument.maxRssBytes;
  console.log(`MADE ${JSON.stringify({ prompts, seconds, bytes, rss })}`);
}
