// Plain k6: http.post() of the body that bench/embeddings.ts sends, and a look at the status.
import http from 'k6/http';
import { Counter } from 'k6/metrics';

const bad = new Counter('lost');
const body = JSON.stringify({ model: 'null', input: 'Office hours of the permit desk' });

export const options = {
  scenarios: {
    load: { executor: 'constant-vus', vus: Number(__ENV.VUS ?? 1), duration: __ENV.DURATION ?? '10s' },
  },
};

export default function () {
  const { status } = http.post(`${__ENV.BASE_URL}/embeddings`, body, {
    headers: { 'Content-Type': 'application/json' },
  });
  if (status !== 200) bad.add(1);
}

interface Summary {
  metrics: Record<string, { values: Record<string, number> } | undefined>;
}

export function handleSummary({ metrics }: Summary): Record<string, string> {
  return {
    stdout: JSON.stringify({ requests: metrics.http_reqs?.values.count ?? 0, lost: metrics.lost?.values.count ?? 0 }),
  };
}
