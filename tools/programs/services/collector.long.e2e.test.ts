import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { k6 } from '../k6';
import { capture } from '../process';
import { scratch } from '../scratch';
import { startSimulator, type Simulator } from '../simulator';
import { freePort } from './service';

/*
 * OpenTelemetry's own collector, built from the Go module proxy, which takes a minute or two, receives what --out genai
 * sends, and prints it.
 */

const version = 'v0.165.0';
const parts = ['otelcol', 'exporter/debugexporter', 'receiver/otlpreceiver'];

const program = `package main

import (
	"log"
	"os"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/debugexporter"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/service/telemetry/otelconftelemetry"
)

func factories() (f otelcol.Factories, err error) {
	if f.Receivers, err = otelcol.MakeFactoryMap[receiver.Factory](otlpreceiver.NewFactory()); err != nil {
		return f, err
	}
	f.Telemetry = otelconftelemetry.NewFactory()
	f.Exporters, err = otelcol.MakeFactoryMap[exporter.Factory](debugexporter.NewFactory())
	return f, err
}

func main() {
	command := otelcol.NewCommand(otelcol.CollectorSettings{
		BuildInfo: component.BuildInfo{Command: "otelcol"},
		Factories: factories,
		ConfigProviderSettings: otelcol.ConfigProviderSettings{ResolverSettings: confmap.ResolverSettings{
			ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory()},
			DefaultScheme:     "file",
		}},
	})
	if err := command.Execute(); err != nil {
		log.Print(err)
		os.Exit(1)
	}
}
`;

let simulator: Simulator;
let collector: ChildProcess;
let said = '';
let endpoints: { http: string; grpc: string };

before(async () => {
  simulator = await startSimulator();
  const folder = scratch();
  writeFileSync(join(folder, 'main.go'), program);
  writeFileSync(join(folder, 'go.mod'), 'module collector\n\ngo 1.25.0\n');
  const go = async (...args: string[]) => {
    const { code, stderr } = await capture('go', args, { cwd: folder });
    assert.equal(code, 0, stderr);
  };
  await go('get', ...parts.map((part) => `go.opentelemetry.io/collector/${part}@${version}`));
  await go('mod', 'tidy');
  await go('build', '-o', 'otelcol', '.');
  const [http, grpc] = [await freePort(), await freePort()];
  endpoints = { http: `http://127.0.0.1:${http}`, grpc: `http://127.0.0.1:${grpc}` };
  const config = {
    receivers: {
      otlp: { protocols: { http: { endpoint: `127.0.0.1:${http}` }, grpc: { endpoint: `127.0.0.1:${grpc}` } } },
    },
    exporters: { debug: { verbosity: 'detailed' } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { metrics: { receivers: ['otlp'], exporters: ['debug'] } },
    },
  };
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config)); // JSON is YAML
  collector = spawn(join(folder, 'otelcol'), ['--config', join(folder, 'config.yaml')]);
  for (const stream of [collector.stdout!, collector.stderr!])
    stream.on('data', (text: Buffer) => (said += String(text)));
  while (!said.includes('Everything is ready')) {
    assert.equal(collector.exitCode, null, said);
    await new Promise((done) => setTimeout(done, 50));
  }
});
after(async () => {
  collector?.kill();
  await simulator?.stop();
});

/** What the collector printed of a metric the last time, from its name to the next one's. */
const lastOf = (name: string) =>
  said
    .split('Metric #')
    .reverse()
    .find((text) => text.includes(`-> Name: ${name}\n`)) ?? '';
const sum = (name: string, line: RegExp) =>
  [...lastOf(name).matchAll(line)].reduce((total, [, value]) => total + Number(value), 0);

for (const protocol of ['http/protobuf', 'grpc'] as const)
  test(`a collector receives every stream of a run by ${protocol}, by the conventions' names and ours, with buckets in which a limit of 500 ms is a bound`, async () => {
    said = '';
    const { run, stderr } = await k6('dist/smoke.js', {
      env: { BASE_URL: simulator.gateway, API_KEY: 'gsai-sim-key', RATE: '20', DURATION: '3s' },
      args: ['--out', `genai=${protocol === 'grpc' ? endpoints.grpc : endpoints.http}`],
      settings: { OTEL_EXPORTER_OTLP_PROTOCOL: protocol },
    });
    assert.ok(run, stderr);
    assert.equal(run.outputs, undefined);
    const whole = (metric: 'llm_ttft' | 'llm_first_chunk' | 'llm_prompt_tokens') =>
      run.metrics[metric]!.find(({ tags }) => Object.keys(tags).length === 0)!;
    const count = /^Count: (\d+)$/gm;
    const end = Date.now() + 10_000; // the collector prints a moment after it has answered
    while (lastOf('llm_ttft') === '' && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
    assert.equal(sum('llm_ttft', count), whole('llm_ttft').count, said.slice(-2000));
    assert.equal(sum('gen_ai.client.operation.time_to_first_chunk', count), whole('llm_first_chunk').count);
    assert.match(lastOf('gen_ai.client.operation.time_to_first_chunk'), /-> Unit: s\n/);
    assert.match(lastOf('gen_ai.client.token.usage'), /gen_ai\.token\.type: Str\(output\)/);
    assert.match(lastOf('llm_ttft'), /^ExplicitBounds #\d+: 500\.000000$/m);
  });
