import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { free } from '../commands/gateway/litellm';
import { startLive } from '../commands/live/server';
import { ToolError } from '../programs/process';
import { scratch } from '../programs/scratch';

const other = createServer();
let port = '';
before(async () => {
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  port = String((other.address() as AddressInfo).port);
});
after(() => other.close());

/** Runs a program to its end; as another user if `uid` is given. */
async function ended(command: string, args: readonly string[], uid?: number) {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}
const node = (...args: string[]) => ended(process.execPath, ['-r', './tools/build/typescript.cjs', ...args]);

test('a port that is in use ends every command that listens with one sentence, what to do, and no stack trace', async () => {
  const ends = await Promise.all([
    node('simulator/main.ts', '--gateway-port', port, '--provider-port', '0'),
    node('simulator/null/main.ts', '--port', port),
    node('tools/commands/sampler/sampler.ts', '--pid', String(process.pid), '--port', port),
    ended('bin/k6', ['x', 'sse-target', '--address', `127.0.0.1:${port}`]),
  ]);
  const options = [/--gateway-port N/, /--port N/, /--port N/, /--address HOST:PORT/];
  ends.forEach(({ code, said }, index) => {
    assert.ok(code !== 0 && code !== null, said);
    assert.match(said, /already in use by another program/);
    assert.match(said, options[index]!);
    assert.doesNotMatch(said, /^\s+at |goroutine|Error:/m);
    assert.equal(said.trim().split('\n').length, 1, said);
  });
  const sentence = (error: unknown) =>
    error instanceof ToolError && /already in use by another program/.test(error.message);
  await assert.rejects(free(Number(port)), sentence);
  await assert.rejects(startLive(join(scratch(), 'live.jsonl'), 'a test', Number(port)), sentence);
});

/** The lowest port that every user may take; Linux only, 1024 unless it was changed, as it is in containers. */
function firstFree(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 0;
  }
}

test(
  'port 443 without root: the simulator says why not, and what makes it needless',
  { skip: firstFree() > 443 ? false : 'every user may take port 443 of this machine' },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'port443-'));
    chmodSync(folder, 0o777);
    const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
    const args = ['--only', 'provider', '--provider-port', '0', '--tls', join(folder, 'ca'), '--tls-port', '443'];
    try {
      const { code, said } = await ended(
        process.execPath,
        ['-r', './tools/build/typescript.cjs', 'simulator/main.ts', ...args],
        nobody,
      ).catch((error: NodeJS.ErrnoException) => {
        // Root without the right to become another, or a Node in a folder that is root's alone.
        if (error.code !== 'EPERM' && error.code !== 'EACCES') throw error;
        return { code: null, said: '' };
      });
      if (code === null) return t.skip('no other user can be taken here');
      if (nobody !== undefined && !said.startsWith('simulator: '))
        return t.skip('another user cannot read this folder');
      assert.equal(code, 2, said);
      assert.match(said, /^simulator: Cannot listen on 127\.0\.0\.1:443: this user may not listen on this port\./);
      assert.match(said, /from 1024 on with --tls-port N; .*HTTPS_PROXY/);
      assert.doesNotMatch(said, /^\s+at /m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
