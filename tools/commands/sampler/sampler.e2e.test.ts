import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { readPage, valuesSince } from '../../../lib/monitor';
import { capture } from '../../programs/process';
import { countList } from './sampled';
import { startSampler } from '../../programs/sampler';

const linux = { skip: process.platform === 'linux' ? false : 'it reads /proc' };
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
});

const sampler = (...args: string[]) =>
  capture(process.execPath, ['-r', './tools/build/typescript.cjs', 'tools/commands/sampler/sampler.ts', ...args]);

/**
 * A process that holds 60 MB, 12 sockets and a child that holds 40 MB, and burns CPU when told to; it says when it is
 * ready.
 */
const held = `
  const net = require('node:net'), { spawn } = require('node:child_process');
  globalThis.kept = Buffer.alloc(60e6, 1);
  const child = spawn(process.execPath, ['-e', 'globalThis.kept = Buffer.alloc(40e6, 1); console.log(1); setInterval(() => {}, 1e6)']);
  process.on('SIGTERM', () => { child.kill('SIGKILL'); process.exit(); });
  // asking is a system call, and costs most of it
  const used = () => process.cpuUsage().user + process.cpuUsage().system;
  process.on('SIGUSR2', () => { const until = used() + 5e5; while (used() < until); console.log('burnt'); });
  child.stdout.once('data', () => {
    const server = net.createServer(() => {}).listen(0, '127.0.0.1', () => {
      let open = 0;
      for (let i = 0; i < 6; i++) net.connect(server.address().port, '127.0.0.1', () => { if (++open === 6) console.log('ready'); });
    });
  });`;

async function ready(child: ChildProcess): Promise<string> {
  started.push(child);
  const [text] = (await once(child.stdout!, 'data')) as [Buffer];
  return String(text);
}
async function serve(...args: string[]) {
  const { process: child, url } = await startSampler(...args);
  started.push(child);
  return { url, child, read: async () => readPage(await (await fetch(url)).text(), Date.now()) };
}

test(
  'the page of a process has what it uses, under names that lib/monitor knows; of its children when asked',
  linux,
  async () => {
    const target = spawn(process.execPath, ['-e', held], { stdio: ['ignore', 'pipe', 'inherit'] });
    assert.equal(await ready(target), 'ready\n');
    const [alone, family] = await Promise.all([
      serve('--pid', String(target.pid)),
      serve('--pid', String(target.pid), '--children'),
    ]);
    const strange = await fetch(alone.url, { headers: { origin: 'https://evil.example' } });
    assert.equal(strange.status, 403, 'a page of another site reads nothing');
    const [a, f] = await Promise.all([alone.read(), family.read()]);
    assert.ok(a.values.target_memory! > 60e6, `${a.values.target_memory}`);
    assert.ok(f.values.target_memory! - a.values.target_memory! > 40e6, 'the child has 40 MB more');
    assert.ok(a.values.target_threads! >= 5 && f.values.target_threads! > a.values.target_threads!);
    // Twelve ends of six connections, the listening one, and perhaps the pipes to the child.
    assert.ok(
      a.values.target_sockets! >= 13 && a.values.target_sockets! <= a.values.target_files!,
      JSON.stringify(a.values),
    );
    assert.ok(a.cpus! >= 1 && a.memory! > a.values.target_memory!);
    assert.ok(Math.abs(a.start! - Date.now() / 1000) < 60, `started at ${a.start}`);

    target.kill('SIGUSR2');
    await once(target.stdout, 'data');
    const burnt = await alone.read();
    const seconds = (valuesSince(a, burnt).target_cpu! * (burnt.at - a.at)) / 1000;
    assert.ok(seconds > 0.4 && seconds < 2, `${seconds} s of CPU`);

    family.child.kill('SIGINT');
    assert.deepEqual(await once(family.child, 'exit'), [0, null], 'ctrl-C is a clean end');
    const said: Buffer[] = [];
    alone.child.stderr!.on('data', (text: Buffer) => said.push(text));
    target.kill('SIGTERM');
    await once(target, 'exit');
    assert.deepEqual(await once(alone.child, 'close'), [1, null]);
    assert.match(Buffer.concat(said).toString(), new RegExp(`^sampler: process ${target.pid} has ended\n$`));
  },
);

test('what is wrong is told in a sentence, exit 2', linux, async () => {
  const cases: [string[], RegExp][] = [
    [[], /^one of --pid, --container and --start is wanted/],
    [['--pid', '999999999'], /^there is no process 999999999 on this machine/],
    [['--pid', 'x'], /^--pid is "x", but must be a whole number from 1/],
    [['--pid', String(process.pid), '--port', '99999'], /^--port is "99999"/],
    [
      ['--container', 'no-such-container'],
      /^(the container no-such-container cannot be looked at: |docker cannot be run)/,
    ],
  ];
  for (const [args, sentence] of cases) {
    const { code, stderr } = await sampler(...args);
    assert.equal(code, 2);
    assert.match(stderr, sentence);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  }
});

test('a list of CPUs is counted', () => {
  assert.deepEqual(['0', '0-3', '0-3,8', '0,2,4-5'].map(countList), [1, 4, 5, 4]);
});

test(
  'a program that it has started is stopped and started again when that is asked for, and it tells how that went; its page goes on',
  linux,
  async () => {
    const program = "process.on('SIGTERM', () => setTimeout(() => process.exit(3), 200)); setInterval(() => {}, 1e6)";
    const { url, child, read } = await serve('--start', process.execPath, '-e', program);
    const restart = new URL('/restart', url);
    const before = (await read()).start!;
    interface Told {
      restarts: { stopped_ms?: number; code?: number; started_ms?: number }[];
    }
    const told = async (method: string) => {
      const answer = await fetch(restart, { method });
      return { status: answer.status, ...((await answer.json()) as Told) };
    };
    assert.deepEqual(await told('GET'), { status: 200, restarts: [] });
    assert.deepEqual(await told('POST'), { status: 202, restarts: [{}] });
    let last: Told['restarts'][number] | undefined;
    while (last?.started_ms === undefined) last = (await told('GET')).restarts[0];
    assert.ok(last.code === 3 || last.code === null, JSON.stringify(last));
    assert.ok(last.started_ms >= last.stopped_ms!);
    assert.ok((await read()).start! >= before);
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  },
);
