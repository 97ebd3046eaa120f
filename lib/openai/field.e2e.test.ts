import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fieldCases, fieldServer } from '../../tools/testing/field';
import { tell, type Told } from '../../tools/testing/outcomes';
import { sound, undisturbed, why } from '../../tools/testing/k6';

/*
 * Answers that were met in the field, byte for byte through bin/k6 and the suite's own paths. What is right of each is
 * told by the README of the cases; xk6-sse's TestAnswersOfTheField... have many more of each kind.
 */

interface Right {
  story: string;
  outcome: string;
  says?: RegExp;
  remarks?: string[];
}
const right: Record<string, Right> = {
  '200-json-error': {
    story: 'an error with status 200 is told in the words of the target',
    outcome: 'stream_error',
    says: /Unexpected endpoint or method/,
  },
  '502-html': { story: "a failing proxy's page is a failing target", outcome: 'http_5xx' },
  br: {
    story: 'a content coding that was never asked for is named',
    outcome: 'malformed',
    says: /content coding "br"/,
  },
  'choice-usage': { story: 'usage is read from the choice', outcome: 'ok' },
  'content-parts-thinking': { story: 'thinking parts of content are reasoning', outcome: 'ok' },
  'content-type-json': {
    story: 'a good stream under a wrong content type is ok, and the type is told',
    outcome: 'ok',
    remarks: ['wrong content type'],
  },
  'empty-data': { story: 'an event with empty data is no event', outcome: 'ok' },
  'eof-no-blank-line': {
    story: 'the last event counts without its blank line, which is told',
    outcome: 'ok',
    remarks: ['last event without its blank line'],
  },
  'error-false': { story: 'error: false is no error', outcome: 'ok' },
  'error-in-choice': {
    story: 'a provider that broke off inside the choice is an error of the stream',
    outcome: 'stream_error',
    says: /Provider disconnected/,
  },
  'error-text-overwritten': {
    story: 'the text of an error stays as it was when later bytes arrive',
    outcome: 'stream_error',
    says: /^\{"code":502,"message":"Upstream provider disconnected"\}$/,
  },
  'event-error-after-finish': {
    story: 'an event named error after a finish reason is not ok',
    outcome: 'stream_error',
    says: /overloaded/,
  },
  'hidden-reasoning': {
    story: 'reasoning that was not streamed makes no tokens per second, and is told',
    outcome: 'ok',
    remarks: ['tokens that were not streamed'],
  },
  'models-403': { story: 'a model list that may not be read says nothing about the chat', outcome: 'ok' },
  'reasoning-details': { story: 'reasoning_details are reasoning', outcome: 'ok' },
  refusal: { story: 'a refusal is output', outcome: 'ok' },
  'single-newlines': {
    story: 'events that no blank line separates are named',
    outcome: 'malformed',
    says: /not separated by blank lines/,
    remarks: ['last event without its blank line'],
  },
  'usage-beyond-bounds': {
    story: 'a number of tokens beyond all bounds is left out, and told',
    outcome: 'ok',
    remarks: ['malformed usage'],
  },
};

let server: Awaited<ReturnType<typeof fieldServer>>;
let told: Told;
before(async () => {
  server = await fieldServer();
  told = await tell(fieldCases().map((name) => ({ name, base: server.base(name), prompt: 'hi', patience: 5000 })));
});
after(() => server.close());

test('every case of the field has its right value here', () =>
  assert.deepEqual(fieldCases(), Object.keys(right).sort()));

for (const [name, { story, outcome, says, remarks }] of Object.entries(right))
  test(`${name}: ${story}`, () => {
    const answer = told.answers.find((each) => each.name === name)!;
    assert.equal(told.counted.find((each) => each.name === name)?.outcome, outcome, answer.error);
    if (says) assert.match(answer.error, says);
    else if (outcome === 'ok') assert.equal(answer.error, '');
    assert.deepEqual(answer.remarks, remarks ?? []);
  });

const measured = (name: string, metric: string) =>
  told.measured.find((row) => row.name === name && row.metric === metric)?.value;

for (const name of ['reasoning-details', 'content-parts-thinking'])
  test(`${name}: TTFT at the first reasoning (100 ms), TTFO at the first answer (400 ms)`, () => {
    const [ttft, ttfo] = [measured(name, 'llm_ttft')!, measured(name, 'llm_ttfo')!];
    assert.ok(ttft >= 99 && ttft < ttfo - 200, `TTFT ${ttft} ms`);
    assert.ok(ttfo >= 399, `TTFO ${ttfo} ms`);
    assert.ok(measured(name, 'llm_inter_chunk')! >= 250);
  });

test('hidden-reasoning: 2 tokens in some 100 ms are at most 10 a second, not thousands', () => {
  const rate = measured('hidden-reasoning', 'llm_tokens_per_second')!;
  assert.ok(rate > 0.5 && rate <= 10.1, `${rate} tokens/s`);
  assert.equal(measured('hidden-reasoning', 'llm_completion_tokens'), 1002);
  assert.equal(measured('hidden-reasoning', 'llm_reasoning_tokens'), 1000);
  assert.equal(measured('hidden-reasoning', 'llm_tokens_per_chunk'), 1);
});

test('choice-usage: its tokens are counted', () => {
  assert.equal(measured('choice-usage', 'llm_prompt_tokens'), 7);
  assert.equal(measured('choice-usage', 'llm_completion_tokens'), 2);
});

const run = async (name: string) =>
  undisturbed('dist/ttft.js', {
    env: { BASE_URL: server.base(name), API_KEY: 'none', MODEL: 'one', RATE: '10', DURATION: '2s' },
  });

test('models-403: the run goes on, and the list that may not be read is noted', async () => {
  const made = sound(await run('models-403'));
  assert.equal(made.counts.started, 20);
  assert.equal(made.counts.finished, 20, why(made));
  assert.match(made.notes.join('\n'), /may not read the model list \(403: Missing scopes: api\.model\.read\)/);
});

test('502-html: the load is sent and the target FAILs; BASE_URL is not blamed', async () => {
  const made = sound(await run('502-html'));
  assert.equal(made.verdict, 'FAIL', why(made));
  assert.equal(made.counts.failed, 20);
  assert.doesNotMatch(why(made), /BASE_URL/);
});

test("200-json-error: INVALID before the load, with the target's own words and the usual cause", async () => {
  const made = sound(await run('200-json-error'));
  assert.equal(made.verdict, 'INVALID');
  assert.match(why(made), /Unexpected endpoint or method\. \(POST \/chat\/completions\).*BASE_URL.*\/v1/);
});

test('br: INVALID before the load, and the coding is named', async () => {
  const made = sound(await run('br'));
  assert.equal(made.verdict, 'INVALID');
  assert.match(why(made), /content coding "br", which was never asked for/);
});

test('usage-beyond-bounds: 1e400 in the answers made the whole run panic; now it is judged, and run.json written', async () => {
  const made = sound(await run('usage-beyond-bounds'));
  assert.equal(made.counts.finished, 20, why(made));
  assert.equal(made.metrics.llm_prompt_tokens, undefined);
  assert.equal(made.metrics.llm_completion_tokens![0]!.max, 2);
  assert.match(made.remarks![0]!.example, /1e400/);
});

test('eof-no-blank-line: what was told of the answers stands in run.json and in the table', async () => {
  const ran = await run('eof-no-blank-line');
  const [remark] = sound(ran).remarks!;
  assert.deepEqual([remark!.remark, remark!.count], ['last event without its blank line', 20]);
  assert.match(ran.stdout, /remark\s+20 answers: last event without its blank line/);
});
