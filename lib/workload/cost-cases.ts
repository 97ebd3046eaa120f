import type { Random } from '../statistics';
import { drawnTexts } from './data';
import { joined, mix, type ChatCall, type Share, type Workload } from './mix';
import { prompt } from './workloads';

/** max_tokens of the capped requests, and how many tokens the simulated provider would like to say. */
const cap = 32;
const wanted = 100;
const batchSize = 16;

/** A chat with instructions for the simulated provider (simulator/README.md); a real one reads over them. */
function chat(share: number, size: string, directive: string, more: Partial<ChatCall> = {}): Share {
  const call = (random: Random): ChatCall => {
    const base = prompt('small', random);
    return {
      ...base,
      ...more,
      size,
      messages: base.messages.map((message) => ({
        ...message,
        content: directive ? joined(message.content, ` [[sim ${directive}]]`, 'behind') : message.content,
      })),
    };
  };
  return { share, kind: 'chat', call };
}

function embedding(share: number, size: string, count: number): Share {
  return {
    share,
    kind: 'embedding',
    call: (random) => ({ kind: 'embedding', size, texts: drawnTexts(count, random) }),
  };
}

/**
 * Each way in which tokens are paid for, interleaved: whole streams and answers, capped, hung up on, failed and broken
 * ones, embeddings.
 */
export const costCases: Workload = {
  fixed: true,
  ...mix([
    chat(25, 'stream', ''),
    chat(15, 'plain', '', { plain: true }),
    chat(15, 'capped', `tokens=${wanted}`, { maxTokens: cap }),
    chat(15, 'cancelled', 'tokens=200', { cancelAfter: 5 }),
    chat(5, 'failing', 'fault=503'),
    chat(5, 'broken', `tokens=${wanted} fault=cut after=5`),
    embedding(10, 'single', 1),
    embedding(10, 'batch', batchSize),
  ]),
};
