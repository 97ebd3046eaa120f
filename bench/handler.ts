// k6 as load tests of LLMs usually have it: xk6-sse's open(), a JavaScript handler that runs for each event, Date.now()
// for a clock. It is what `npm run bench` holds the project's own way against. It keeps VUS streams in flight for
// DURATION, the first of them spread over SPREAD seconds.
import { sleep } from 'k6';
import exec from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';
import { open } from 'k6/x/sse';

const ttft = new Trend('ttft', true);
const gap = new Trend('gap', true);
const good = new Counter('streams');
const bad = new Counter('lost');
const vus = Number(__ENV.VUS ?? 1);
const body = JSON.stringify({
  model: 'null',
  messages: [{ role: 'user', content: 'Say something.' }],
  stream: true,
  stream_options: { include_usage: true },
});
let begun = false;

export const options = {
  scenarios: { load: { executor: 'constant-vus', vus, duration: __ENV.DURATION ?? '10s', gracefulStop: '30s' } },
  summaryTrendStats: ['count', 'p(95)', 'p(99)'],
};

export default function () {
  if (!begun) sleep((Number(__ENV.SPREAD ?? 0) * (exec.vu.idInTest - 1)) / vus);
  begun = true;
  const sent = Date.now();
  let last = 0;
  let done = false;
  const { status } = open(
    `${__ENV.BASE_URL}/chat/completions`,
    { method: 'POST', headers: { 'Content-Type': 'application/json' }, body },
    (client) => {
      client.on('event', ({ data }) => {
        const now = Date.now();
        if (data === '[DONE]') {
          done = true;
          return;
        }
        const { choices } = JSON.parse(data) as { choices: { delta: { content?: string } }[] };
        if (!choices[0]?.delta.content) return;
        if (last === 0) ttft.add(now - sent);
        else gap.add(now - last);
        last = now;
      });
      client.on('error', () => client.close());
    },
  );
  if (status === 200 && done && last > 0) good.add(1);
  else bad.add(1);
}

interface Summary {
  metrics: Record<string, { values: Record<string, number> } | undefined>;
}

export function handleSummary({ metrics }: Summary): Record<string, string> {
  const value = (name: string, stat: string) => metrics[name]?.values[stat] ?? 0;
  const figures = (name: string) => ({
    count: value(name, 'count'),
    p95: value(name, 'p(95)'),
    p99: value(name, 'p(99)'),
  });
  return {
    stdout: JSON.stringify({
      ttft: figures('ttft'),
      gap: figures('gap'),
      streams: value('streams', 'count'),
      lost: value('lost', 'count'),
    }),
  };
}
