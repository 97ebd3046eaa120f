import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../programs/scratch';
import { unfit } from './litellm';
import { litellmConfig, models } from './litellm-config';

/** Whether LiteLLM can be installed where `python3` is one that calls itself by this version. */
async function withPython(version: string): Promise<string> {
  const folder = scratch();
  const file = join(folder, 'python3');
  writeFileSync(file, `#!/bin/sh\necho ${version}\n`);
  chmodSync(file, 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${folder}:${before}`;
  try {
    return await unfit();
  } finally {
    process.env.PATH = before;
  }
}

test('a Python that is too old is told, one that is new enough is taken', async () => {
  assert.match(await withPython('3 10'), /needs Python 3\.11 or newer; .*python3 is 3\.10/);
  assert.equal(await withPython('3 11'), '');
  assert.equal(await withPython('3 14'), '');
});

test("all of LiteLLM's models lead to the simulated providers, with made-up keys, on all their wires", () => {
  const { model_list } = litellmConfig('http://127.0.0.1:8090', 'sk-x', '/tmp/account.json') as {
    model_list: { model_name: string; litellm_params: Record<string, string> }[];
  };
  for (const { litellm_params } of model_list)
    assert.match(
      (litellm_params.api_base ?? litellm_params.aws_bedrock_runtime_endpoint)!,
      /^http:\/\/127\.0\.0\.1:8090(\/|$)/,
    );
  const leads = (name: string) =>
    model_list
      .filter(({ model_name }) => model_name === name)
      .map(({ litellm_params }) => litellm_params.model!.split('/')[0]);
  const providers = { bedrock: 'bedrock', vertex: 'vertex_ai', openai: 'openai' } as const;
  for (const wire of ['openai', 'bedrock', 'vertex'] as const)
    for (const name of [models.chat[wire], models.embedding[wire]]) assert.deepEqual(leads(name), [providers[wire]]);
  for (const [provider, name] of Object.entries(models.rerank)) assert.deepEqual(leads(name), [provider]);
  assert.equal(leads(models.balanced).length, 2);
  for (const name of [models.fallback, models.limited]) assert.equal(leads(name).length, 1, name);
});
