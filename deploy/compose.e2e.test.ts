import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capture } from '../tools/programs/process';

test("docker-compose.yml is what the Compose Specification's own loader takes", async () => {
  const ran = await capture('go', [
    'run',
    'github.com/compose-spec/compose-go/v2/cmd@v2.16.2',
    '--format',
    'json',
    'docker-compose.yml',
  ]);
  assert.equal(ran.code, 0, ran.stderr);
  const { services } = JSON.parse(ran.stdout) as { services: Record<string, object> };
  assert.deepEqual(Object.keys(services).sort(), ['grafana', 'influxdb', 'jaeger', 'k6', 'prometheus', 'simulator']);
});
