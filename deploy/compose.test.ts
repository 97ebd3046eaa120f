import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string; target: string };
  ports?: string[];
  volumes?: string[];
  healthcheck?: object;
  mem_limit?: string;
  profiles?: string[];
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

test('every file that deploy/Dockerfile copies from the project exists', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, line]) =>
    line!.split(' ').slice(0, -1),
  );
  assert.ok(copied.length > 5);
  for (const path of copied) assert.ok(existsSync(path), path);
});
