import assert from 'node:assert/strict';
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import type { K6Run } from '../tools/programs/k6';
import { capture } from '../tools/programs/process';
import { scratch } from '../tools/programs/scratch';
import { startPrometheus, type Prometheus, type Stretch } from '../tools/testing/prometheus';
import { prometheusTests } from './prometheus.fixture';
import { madeRuns } from './runs.fixture';

/*
 * Every query of the dashboards, word for word, asked of the Prometheus that docker-compose.yml starts. It is built from
 * the Go module proxy, without the clients of clouds with which it finds what to scrape: about a minute.
 */

/** Prometheus 3.5.0 is the Go module v0.305.0. */
function moduleVersion(): string {
  const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as { services: Record<string, { image?: string }> };
  const [, minor, patch] = /prometheus:v3\.(\d+)\.(\d+)$/.exec(compose.services.prometheus!.image!)!;
  return `v0.${300 + Number(minor)}.${patch}`;
}

async function build(): Promise<string> {
  const folder = scratch();
  const go = async (args: string[], cwd = folder) => {
    const { code, stdout, stderr } = await capture('go', args, { cwd, env: { ...process.env, GOFLAGS: '-mod=mod' } });
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const source = join(folder, 'source');
  const said = await go(['mod', 'download', '-json', `github.com/prometheus/prometheus@${moduleVersion()}`]);
  cpSync((JSON.parse(said) as { Dir: string }).Dir, source, { recursive: true });
  await capture('chmod', ['-R', 'u+w', source]);
  writeFileSync(join(source, 'plugins/plugins.go'), 'package plugins\n');
  const binary = join(folder, 'prometheus');
  await go(['build', '-o', binary, './cmd/prometheus'], source);
  chmodSync(binary, 0o755);
  rmSync(source, { recursive: true });
  return binary;
}

let prometheus: Prometheus;
let runs: K6Run[];
let span: Stretch;

before(async () => {
  prometheus = await startPrometheus([], await build());
  ({ runs, span } = await madeRuns({ prometheus: prometheus.url }));
});
after(() => prometheus?.stop());

prometheusTests(
  (name, body) => void test(name, body),
  () => ({ prometheus, runs, span }),
  { current: true },
);
