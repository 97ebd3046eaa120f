import assert from 'node:assert/strict';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../tools/programs/scratch';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { strictGateway } from '../../tools/testing/strict';

/** A JSONL file of so many bytes, with lines of some hundred. */
function prompts(bytes: number): string {
  const path = join(scratch(), 'prompts.jsonl');
  const file = openSync(path, 'w');
  const words =
    'the municipal office answers questions about permits, parking, waste and water within ten working days ';
  let lines = '';
  for (let written = 0, i = 0; written < bytes; i++) {
    lines += `${JSON.stringify({ prompt: `[${i}] ${words.repeat(1 + ((i * 7919) % 12))}` })}\n`;
    if (lines.length < 1 << 20 && written + lines.length < bytes) continue;
    written += writeSync(file, lines);
    lines = '';
  }
  closeSync(file);
  return path;
}

test('a file of prompts of 1 GB: the load begins within 10 s, and ten times the users need no more memory for it than for a small file', async (t) => {
  const gateway = await strictGateway({ rule: () => undefined });
  const files = { small: prompts(10_000), large: prompts(1_000_000_000) };
  try {
    const memory: Record<string, number> = {};
    for (const [name, PROMPTS] of Object.entries(files))
      for (const VUS of ['100', '1000']) {
        const from = gateway.asked.length;
        const began = Date.now();
        const first = new Promise<number>((resolve) => {
          const look = setInterval(() => {
            if (gateway.asked.length === from) return;
            clearInterval(look);
            resolve(Date.now() - began);
          }, 5);
        });
        const env = { BASE_URL: gateway.base, API_KEY: 'none', MODEL: 'one', KINDS: 'chat', PROMPTS, VUS };
        const run = sound(await undisturbed('dist/ttft.js', { env: { ...env, RATE: '50', DURATION: '3s' } }));
        assert.equal(run.counts.finished, run.counts.started, why(run));
        const ms = await first;
        memory[`${name} ${VUS}`] = run.instrument.max_rss_bytes / 1e6;
        t.diagnostic(
          `${name} file, ${VUS} users: first request after ${ms} ms, ${memory[`${name} ${VUS}`]!.toFixed(0)} MB`,
        );
        assert.ok(ms < 10_000, `${ms} ms until the first request`);
      }
    const more = (name: string) => memory[`${name} 1000`]! - memory[`${name} 100`]!;
    // 1.4 million prompts of 8 bytes each once for all; a copy in each VU would be 12 MB for each of 20.
    assert.ok(
      more('large') - more('small') < 40,
      `${more('large')} MB more for the large file, ${more('small')} for the small`,
    );
  } finally {
    gateway.close();
    for (const file of Object.values(files)) rmSync(file);
  }
});
