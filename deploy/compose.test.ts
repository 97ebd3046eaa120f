import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { parseArguments } from '../simulator/arguments';

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string; target: string };
  ports?: string[];
  volumes?: string[];
  healthcheck?: object;
  mem_limit?: string;
  profiles?: string[];
  command?: string[];
  user?: string;
  env_file?: object[];
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
};
const dockerfile = readFileSync('deploy/Dockerfile', 'utf8');
const services = Object.entries(compose.services);

for (const [name, { image, build, ports = [], volumes = [], healthcheck, mem_limit, profiles }] of services) {
  test(`${name}: pinned, limited, on 127.0.0.1 only, with a port to choose and a check of its health`, () => {
    assert.ok(build || /^[\w./-]+:v?\d+\.\d+\.\d+$/.test(image ?? ''), `image ${image}`);
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\$\{[A-Z]+_PORT:-\d+\}:\d+$/);
    assert.ok(mem_limit, 'a limit of memory');
    assert.ok(healthcheck || profiles?.includes('k6'), 'a health check');
  });

  test(`${name}: what it mounts and builds exists`, () => {
    for (const volume of volumes) {
      const [from] = volume.split(':');
      assert.ok(from!.startsWith('./') ? existsSync(from!) : from! in compose.volumes, volume);
    }
    if (build) {
      assert.ok(existsSync(build.dockerfile));
      assert.match(dockerfile, new RegExp(`^FROM .* AS ${build.target}$`, 'm'));
    }
  });
}

test('what a run writes and what it is told lie on the host, where its user finds them', () => {
  const { volumes = [], user, env_file } = compose.services.k6!;
  for (const volume of volumes) assert.match(volume, /^\.\/\w+:\/work\/\w+(:ro)?$/);
  assert.ok(volumes.includes('./results:/work/results'), 'results can be written');
  assert.match(user!, /K6_USER/);
  assert.deepEqual(env_file, [{ path: './k6.env', required: false }]);
  assert.match(readFileSync('.gitignore', 'utf8'), /^\/k6\.env$/m, 'it may hold a key');
  assert.match(readFileSync('deploy/Dockerfile.dockerignore', 'utf8'), /^k6\.env$/m, 'it may hold a key');
});

test('the simulator takes the options that it is started with, and sends its spans to the service jaeger', () => {
  const { command } = compose.services.simulator!;
  assert.equal(new URL(parseArguments(command!).otlpUrl!).hostname, 'jaeger');
  assert.ok(compose.services.jaeger!.ports!.some((port) => port.endsWith(':4318')));
});
