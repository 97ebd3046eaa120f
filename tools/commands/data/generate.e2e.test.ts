import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { categories } from './categories';
import { lengthOf, type Conversation } from './conversations';
import type { Embeddings } from './embeddings';
import { DATA, differences, generate, SEED } from './generate';
import { sizeOf, type Prompt } from './prompts';

const read = <T>(name: string): T => JSON.parse(readFileSync(join(DATA, name), 'utf8')) as T;
const prompts = read<Prompt[]>('prompts.json');
const conversations = read<Conversation[]>('conversations.json');
const { texts } = read<Embeddings>('embeddings.json');
const tokens = (text: string): number => encode(text).length;
const unique = (values: readonly string[]): void => assert.equal(new Set(values).size, values.length);
const count = <T>(items: readonly T[], wanted: (item: T) => boolean): number => items.filter(wanted).length;
const run = (...args: string[]) =>
  spawnSync(process.execPath, ['-r', './tools/build/typescript.cjs', join(__dirname, 'generate.ts'), ...args], {
    encoding: 'utf8',
    cwd: join(__dirname, '../../..'),
  });

test('prompts: at least 240, every category and every size', () => {
  assert.ok(prompts.length >= 240);
  for (const { name } of categories) assert.ok(count(prompts, (p) => p.category === name) >= 20, name);
  assert.equal(new Set(prompts.map((p) => p.category)).size, categories.length);
  for (const size of ['small', 'medium', 'large'] as const)
    assert.ok(count(prompts, (p) => p.size === size) >= 40, size);
});

test('prompts: ids and texts are unique', () => {
  unique(prompts.map((p) => p.id));
  unique(prompts.map((p) => p.text));
});

test('prompts: tokens are exact, the size follows from them, and they reach from about 10 to about 3,000', () => {
  for (const p of prompts) {
    assert.equal(p.tokens, tokens(p.text), p.id);
    assert.equal(p.size, sizeOf(p.tokens), p.id);
  }
  const lengths = prompts.map((p) => p.tokens);
  assert.ok(Math.min(...lengths) <= 20);
  assert.ok(Math.max(...lengths) >= 2_900 && Math.max(...lengths) <= 3_300);
});

test('prompts: the sizes of the plan (50, 500, 1,000 and 2,000 tokens) are there within 5 %', () => {
  for (const size of [50, 500, 1000, 2000])
    assert.ok(count(prompts, (p) => Math.abs(p.tokens - size) <= size * 0.05) >= 5, `${size}`);
});

test('prompts: no longer one has the first 400 characters of another, so a prefix cache does not help', () => {
  unique(prompts.filter((p) => p.size !== 'small').map((p) => p.text.slice(0, 400)));
});

test('prompts: no document says the same sentence twice', () => {
  for (const p of prompts) {
    const said = p.text.split(/(?<=\.)\s+/).filter((sentence) => sentence.length > 60);
    assert.equal(new Set(said).size, said.length, p.id);
  }
});

test('every slot of a template was filled', () => {
  const all = [
    ...prompts.map((p) => p.text),
    ...texts,
    ...conversations.flatMap((c) => c.messages.map((m) => m.content)),
  ];
  for (const text of all) {
    assert.doesNotMatch(text, /\{[\^@]?(a )?@?[a-z]+(\.[a-z]+)?\}|undefined|\ban? (the|an?) /, text.slice(0, 200));
  }
});

test('conversations: enough of each length, and the length follows from the turns', () => {
  const least = { short: 12, medium: 8, long: 5 };
  for (const [length, number] of Object.entries(least))
    assert.ok(count(conversations, (c) => c.length === length) >= number, length);
  for (const c of conversations) {
    assert.equal(
      c.turns,
      count(c.messages, (m) => m.role === 'user'),
      c.id,
    );
    assert.equal(c.length, lengthOf(c.turns), c.id);
  }
  unique(conversations.map((c) => c.id));
  unique(conversations.map((c) => JSON.stringify(c.messages)));
});

test('conversations: user and assistant take turns, the user has the last word, some have a system message', () => {
  for (const c of conversations) {
    const roles = c.messages.map((m) => m.role);
    if (roles[0] === 'system') roles.shift();
    for (const [i, role] of roles.entries()) assert.equal(role, i % 2 === 0 ? 'user' : 'assistant', c.id);
    assert.equal(roles.at(-1), 'user', c.id);
    unique(c.messages.map((m) => m.content));
  }
  const led = count(conversations, (c) => c.messages[0]?.role === 'system');
  assert.ok(led > 0 && led < conversations.length);
});

test('conversations: tokens are exact', () => {
  for (const c of conversations)
    assert.equal(
      c.tokens,
      c.messages.reduce((sum, m) => sum + tokens(m.content), 0),
      c.id,
    );
});

test('embeddings: at least 400 unique texts, at least 100 of them with 100 to 200 tokens', () => {
  assert.ok(texts.length >= 400);
  unique(texts);
  assert.ok(count(texts, (text) => tokens(text) >= 100 && tokens(text) <= 200) >= 100);
  for (const text of texts) assert.ok(text.trim() === text && text.length > 10, text);
});

test('only addresses and telephone numbers that belong to nobody', () => {
  const all = JSON.stringify([prompts, conversations, texts]);
  for (const [phone] of all.matchAll(/\(\d{3}\) \d{3}-\d{4}/g)) assert.match(phone, /555-01\d\d$/);
  for (const [address] of all.matchAll(/[\w.]+@[\w.]+/g)) assert.match(address, /example\.(gov|org)$/);
});

test('all files together stay under 1.5 MB', () => {
  const bytes = ['prompts.json', 'conversations.json', 'embeddings.json'].reduce(
    (sum, name) => sum + statSync(join(DATA, name)).size,
    0,
  );
  assert.ok(bytes < 1_500_000, `${bytes}`);
});

test('the same seed gives the same files, another seed gives others', () => {
  const [one, again, other] = [generate('one'), generate('one'), generate('two')];
  assert.deepEqual(one, again);
  for (const [name, text] of one) assert.notEqual(text, other.get(name), name);
});

test('the volume of the plan: over 1,000 prompts and 10,000 texts, all unique', () => {
  const files = generate(SEED, 'plan');
  const many = JSON.parse(files.get('prompts.json') as string) as Prompt[];
  assert.ok(many.length > 1_000);
  unique(many.map((p) => p.text));
  const index = JSON.parse(files.get('embeddings.json') as string) as Embeddings;
  assert.ok(index.texts.length >= 10_000);
  unique(index.texts);
});

test('--check passes on the checked-in files', () => {
  const { status, stderr } = run('--check');
  assert.equal(status, 0, stderr);
});

test('--check names the file and the line that differ, and writes nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'data-'));
  try {
    const files = generate(SEED);
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    assert.deepEqual(differences(files, folder), []);
    const path = join(folder, 'prompts.json');
    const changed = (files.get('prompts.json') as string).replace('"draft-003"', '"draft-3"');
    writeFileSync(path, changed);
    const { status, stderr } = run('--check', '--out', folder);
    assert.equal(status, 1);
    assert.match(stderr, /prompts\.json is not what the generator makes: line 29 differs/);
    assert.equal(readFileSync(path, 'utf8'), changed);
    rmSync(path);
    assert.match(run('--check', '--out', folder).stderr, /prompts\.json cannot be read/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('--help exits 0, a wrong option exits 2 and says what is allowed', () => {
  assert.match(run('--help').stdout, /--seed/);
  for (const args of [
    ['--sede', 'x'],
    ['--volume', 'huge'],
    ['--volume', 'plan'],
    ['--seed', ''],
  ])
    assert.equal(run(...args).status, 2, args.join(' '));
  assert.match(run('--volume', 'huge').stderr, /"huge"; allowed are standard and plan/);
});
