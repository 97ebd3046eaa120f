import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { undisturbed } from '../../tools/testing/k6';
import { startSimulator } from '../../tools/programs/simulator';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: object }[];
}

interface Export {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: Span[] }[];
  }[];
}

/** A collector: takes OTLP/HTTP in JSON as a real one does, and keeps the spans. */
async function collector() {
  const spans: Span[] = [];
  const wrong: string[] = [];
  const server = createServer((request, answer) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (
        request.method !== 'POST' ||
        request.url !== '/v1/traces' ||
        request.headers['content-type'] !== 'application/json'
      )
        wrong.push(`${request.method} ${request.url} ${request.headers['content-type']}`);
      for (const { resource, scopeSpans } of (JSON.parse(Buffer.concat(parts).toString('utf8')) as Export)
        .resourceSpans) {
        if (!resource.attributes.some(({ key, value }) => key === 'service.name' && value.stringValue))
          wrong.push('no service.name');
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
      }
      answer.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    spans,
    wrong,
    close: () => server.close(),
  };
}

test(
  'TRACES=w3c: the spans of the slowest and the failed requests lead from k6 through the gateway to the provider',
  { timeout: 90_000 },
  async () => {
    const otlp = await collector();
    const simulator = await startSimulator(['--gateway-port', '0', '--provider-port', '0', '--otlp-url', otlp.url]);
    try {
      await simulator.configure({ provider: { models: { claude_3_haiku: { failure_share: 0.2, failure: '500' } } } });
      const env = {
        BASE_URL: simulator.gateway,
        API_KEY: 'gsai-sim-key',
        RATE: '20',
        DURATION: '6s',
        TRACES: 'w3c:0.5',
        TRACES_URL: 'http://localhost:16686/trace/{id}',
      };
      const { run, stdout, stderr } = await undisturbed('dist/smoke.js', { env });
      assert.ok(run, stderr);
      const traces = run.traces!;
      assert.ok(traces, 'run.json has traces');
      const ended = run.counts.finished + run.counts.failed;
      assert.ok(
        Math.abs(traces.sampled - ended / 2) < 5 * Math.sqrt(ended / 4),
        `${traces.sampled} of ${ended} sampled`,
      );
      assert.equal(traces.slowest.length, 20);
      for (let i = 1; i < traces.slowest.length; i++) assert.ok(traces.slowest[i]!.e2e! <= traces.slowest[i - 1]!.e2e!);
      assert.ok(traces.failed.length > 0, 'failures were asked for');
      for (const { trace_id: id } of traces.slowest.slice(0, 3))
        assert.ok(stdout.includes(`http://localhost:16686/trace/${id}`), `the table links to ${id}`);

      const truth = async (base: string) =>
        (
          (await (await fetch(new URL('/truth?limit=10000', base))).json()) as {
            requests: { path: string; traceparent: string | null }[];
          }
        ).requests;
      const [asked, called] = [await truth(simulator.gateway), await truth(simulator.provider)];
      await simulator.stop(); // sends the spans that wait
      assert.deepEqual(otlp.wrong, []);

      for (const told of [...traces.slowest, ...traces.failed]) {
        const id = told.trace_id;
        const sent = `00-${id}-${told.parent_id}-01`;
        assert.ok(
          asked.some((record) => record.traceparent === sent),
          'the gateway got the ids of run.json',
        );
        const spans = otlp.spans.filter((span) => span.traceId === id);
        const server = spans.filter((span) => span.kind === 2);
        assert.equal(server.length, 1, `${id}: one span of the request`);
        assert.equal(server[0]!.parentSpanId, told.parent_id, 'its parent is the id that was sent');
        if (told.tags.kind === 'models') continue; // answered without the provider
        const calls = spans.filter((span) => span.kind === 3);
        assert.ok(calls.length >= 1, `${id}: a span of the provider's call`);
        for (const call of calls) {
          assert.equal(call.parentSpanId, server[0]!.spanId);
          assert.ok(
            call.startTimeUnixNano >= server[0]!.startTimeUnixNano &&
              call.startTimeUnixNano <= server[0]!.endTimeUnixNano,
          );
          assert.ok(
            called.some((record) => record.traceparent === `00-${id}-${call.spanId}-01`),
            "the provider's truth has the call's span as parent",
          );
        }
      }
      const unsampled = asked.filter((record) => record.traceparent?.endsWith('-00'));
      assert.ok(unsampled.length > 0);
      for (const { traceparent } of unsampled)
        assert.ok(
          !otlp.spans.some((span) => span.traceId === traceparent!.slice(3, 35)),
          'no span of a trace that is not sampled',
        );
      // An id is no tag: it stands in run.json's traces alone.
      const rest = JSON.stringify({ ...run, traces: undefined });
      for (const { trace_id: id } of traces.slowest) assert.ok(!rest.includes(id));
    } finally {
      await simulator.stop();
      otlp.close();
    }
  },
);
