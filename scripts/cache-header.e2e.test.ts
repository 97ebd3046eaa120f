import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { k6 } from '../tools/programs/k6';
import { scratch } from '../tools/programs/scratch';
import { sound, why } from '../tools/testing/k6';
import { strictGateway, type Asked, type Refused } from '../tools/testing/strict';

/*
 * Gateways that keep whole answers and say so in a header of their own: the scripts that ask about caches tell it, and
 * every other script counts such answers.
 */

/** Refuses what `caching` wants to have refused. */
function rule({ body, headers }: Asked): Refused {
  if (headers.authorization !== 'Bearer good') return [401, 'who are you?'];
  const [message] = (body.messages ?? []) as { role: string }[];
  return message?.role === 'nobody' ? [400, 'no such role'] : undefined;
}

/** Keeps answers by their prompts, and tells by `hit` whether one was there. */
async function keeping(header: string, hit: (known: boolean) => string | undefined) {
  const kept = new Set<string>();
  return strictGateway({
    rule,
    answer: ({ body }, response) => {
      const prompt = JSON.stringify(body.messages ?? '');
      const says = hit(kept.has(prompt));
      kept.add(prompt);
      if (says !== undefined) response.setHeader(header, says);
      return false;
    },
  });
}

test('caching: a target file names the header and its value, and the finding counts what it says', async () => {
  const gateway = await keeping('CF-AIG-Cache-Status', (known) => (known ? 'HIT' : 'MISS'));
  const target = join(scratch(), 'target.json');
  writeFileSync(
    target,
    JSON.stringify({ name: 'keeping', base_url: gateway.base, cache_header: 'cf-aig-cache-status: hit' }),
  );
  try {
    const env = { TARGET: target, API_KEY: 'good', MODEL: 'one', RATE: '60', DURATION: '4s' };
    const run = sound(await k6('dist/caching.js', { env }));
    const found = run.findings.find(({ id }) => id === 'gateway-cache');
    assert.match(
      found?.text ?? why(run),
      /answered \d+ of \d+ prompts that were just sent as a whole, 0 of \d+ prompts of which/,
    );
    // Of two that are sent at once the second may be there first.
    assert.ok(found!.value! > 0.7, found!.text);
    const remark = run.remarks?.find((each) => each.remark === 'answered by a cache');
    assert.ok(remark && remark.count > 5, JSON.stringify(run.remarks));
    assert.equal(remark.example, 'cf-aig-cache-status: HIT');
    assert.deepEqual(run.environment.parameters.cacheHeader, { name: 'cf-aig-cache-status', value: 'hit' });
  } finally {
    gateway.close();
  }
});

test('sessions: turns that a cache answered are told; a header that only hits have needs no value', async () => {
  const gateway = await keeping('x-litellm-cache-key', (known) => (known ? 'a1b2' : undefined));
  try {
    const env = {
      ...{ BASE_URL: gateway.base, API_KEY: 'good', MODEL: 'one', CACHE_HEADER: 'x-litellm-cache-key' },
      ...{ VUS: '20', THINK: '20ms', TURNS: '2', TOOL_SHARE: '0', COLD_SHARE: '0', DURATION: '3s' },
    };
    const run = sound(await k6('dist/sessions.js', { env }));
    const found = run.findings.find(({ id }) => id === 'turns-from-cache');
    assert.match(
      found?.text ?? why(run),
      /^\d+ of \d+ turns were answered by a cache of the gateway's and by no model/,
    );
    assert.ok(
      run.remarks!.find(({ remark }) => remark === 'answered by a cache')!.count >= found!.value! * found!.n! - 1,
    );
  } finally {
    gateway.close();
  }
});
