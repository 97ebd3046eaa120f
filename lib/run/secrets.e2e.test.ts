import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeReport } from '../../tools/commands/report/report';
import { k6, type K6Run } from '../../tools/programs/k6';
import { echoTarget, orders, type EchoTarget } from '../../tools/testing/echo';

const key = 'kE9-/x+Zq7&Lp=42VtBsDm"w5uR';
const password = 'vo/ge+lf%re42&"x';

/** All forms in which a secret, or a part of it that is worth something, can stand in a file. */
function formsOf(secret: string): string[] {
  const parts = [0, 4, 8, secret.length - 10].map((from) => secret.slice(from, from + 10));
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from(`${'x'.repeat(shift)}${secret}`)
      .toString('base64')
      .slice(4, -6),
  );
  const written = [secret, ...parts].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    JSON.stringify(JSON.stringify(text)).slice(3, -3),
    encodeURIComponent(text),
    text.replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
    text.replaceAll('&', '\\u0026').replaceAll('"', '\\"'),
  ]);
  return [...new Set([...written, ...base64, Buffer.from(secret).toString('hex')])];
}

/** Everything that a run leaves, by its name. */
function artefacts({ folder, stdout, stderr }: K6Run, target: EchoTarget): Record<string, string> {
  assert.ok(folder, stderr);
  writeReport(folder);
  const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
  return { ...Object.fromEntries(files), stdout, stderr, "InfluxDB's points": target.points.join('\n') };
}

function searchAll(ran: K6Run, target: EchoTarget): void {
  const all = artefacts(ran, target);
  for (const name of ['run.json', 'junit.xml', 'report.html', 'stdout', 'stderr', "InfluxDB's points"])
    assert.ok((all[name] ?? '').length > 100, `${name} is there`);
  for (const [name, text] of Object.entries(all)) {
    for (const form of [...formsOf(key), ...formsOf(password)])
      assert.ok(!text.includes(form), `${name} holds "${form}": ${around(text, form)}`);
    for (const order of orders.flatMap((each) => [...each.replace(/[ -~]/g, '')]))
      assert.ok(!text.includes(order), `${name} holds U+${order.codePointAt(0)!.toString(16)}: ${around(text, order)}`);
  }
}

const around = (text: string, part: string) =>
  JSON.stringify(text.slice(Math.max(0, text.indexOf(part) - 150), text.indexOf(part) + 60));

const options = (target: EchoTarget) => ({
  env: { BASE_URL: target.base, API_KEY: key, TRACES: 'w3c' },
  args: ['-v', '--out', target.influx('ada', password)],
});

test('a target echoed the key wherever it could, and it stood in run.json, junit.xml and on the terminal: nowhere now', async () => {
  const target = await echoTarget('lets in');
  try {
    const { env, args } = options(target);
    const ran = await k6('dist/baseline.js', { env: { ...env, RATE: '60', DURATION: '4s' }, args });
    searchAll(ran, target);
    const { failures, outcomes, outputs, remarks } = ran.run!;
    const told = new Set(outcomes.map(({ outcome }) => outcome));
    for (const outcome of ['http_4xx', 'http_429', 'http_5xx', 'stream_error', 'malformed', 'truncated', 'reset'])
      assert.ok(told.has(outcome), `${outcome} came about`);
    assert.ok(
      failures!.samples.some(({ text }) => text.includes('***')),
      'the rest of what the target said is kept',
    );
    assert.ok(failures!.samples.some(({ request_ids: ids }) => ids[0]?.value === 'req-***'));
    assert.ok((remarks ?? []).length > 0 && (outputs ?? []).length > 0, 'remarks, and what InfluxDB said');
    assert.ok(outputs![0]!.messages[0]!.includes('authorization failed'));
  } finally {
    target.close();
  }
});

test('a 401 in front of the load echoed the key into the reason of the verdict', async () => {
  const target = await echoTarget('refuses');
  try {
    const ran = await k6('dist/smoke.js', options(target));
    assert.equal(ran.code, 110, ran.stderr);
    searchAll(ran, target);
    assert.match(ran.run!.reasons[0]!.text, /refused the key with 401 \(.*key \*\*\*/);
  } finally {
    target.close();
  }
});

test('a key that is given where it does not belong is not repeated by the sentence that refuses it', async () => {
  const wrongly: Record<string, string>[] = [
    { TRACES: 'w3c', TRACES_URL: `http://ada:${encodeURIComponent(password)}@t/{id}` },
    { PROVIDER_URL: `http://h/v1?token=${encodeURIComponent(key)}` },
    { BASE_URL: `http://h/v1?api-key=${encodeURIComponent(key)}` },
    { MODEL: '', HEADERS: key, API_KEY: key },
  ];
  for (const given of wrongly) {
    const ran = await k6('dist/smoke.js', { env: given });
    assert.ok(ran.code === 104 || ran.code === 107, ran.stderr);
    for (const form of [...formsOf(key), ...formsOf(password)]) assert.ok(!ran.stderr.includes(form), ran.stderr);
  }
});
