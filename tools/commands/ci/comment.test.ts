import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { pullRequestOf, putComment } from './comment';

interface Note {
  id: number;
  body: string;
}

const notes: Note[] = Array.from({ length: 100 }, (_, id) => ({ id, body: 'somebody else' }));
let asked: { method: string; path: string; token: string }[] = [];
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url!, 'http://ci');
  asked.push({
    method: request.method!,
    path: pathname,
    token: String(request.headers['private-token'] ?? request.headers.authorization),
  });
  let text = '';
  request.on('data', (part: Buffer) => (text += part.toString()));
  request.on('end', () => {
    if (pathname.includes('/forbidden/')) return void response.writeHead(403).end('{}');
    if (request.method === 'GET') {
      const from = (Number(searchParams.get('page')) - 1) * 100;
      return void response.end(JSON.stringify(notes.slice(from, from + 100)));
    }
    const { body } = JSON.parse(text) as Note;
    const own = notes.find(({ id }) => pathname.endsWith(`/${id}`) && id >= 100);
    if (own) own.body = body;
    else notes.push({ id: notes.length, body });
    response.end('{}');
  });
});
let api: string;
before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => void server.close());

test('a pull request gets one comment for each script, which later runs change; the first pages are of others', async () => {
  const to = pullRequestOf({
    ...{ GITHUB_API_URL: api, GITHUB_REPOSITORY: 'o/n', GITHUB_REF: 'refs/pull/7/merge', GITHUB_TOKEN: 't' },
  });
  assert.equal(await putComment(to, 'smoke', 'first'), 'the pull request has a new comment');
  assert.equal(await putComment(to, 'smoke', 'second'), 'the comment of the pull request was changed');
  assert.equal(await putComment(to, 'peak', 'other'), 'the pull request has a new comment');
  assert.deepEqual(
    notes.slice(100).map(({ body }) => body),
    ['<!-- gsai-perf smoke -->\nsecond', '<!-- gsai-perf peak -->\nother'],
  );
  assert.ok(asked.every(({ token }) => token === 'Bearer t'));
  assert.ok(asked.some(({ method, path }) => method === 'PATCH' && path === '/repos/o/n/issues/comments/100'));
});

test('a merge request of GitLab, and a pull request that Jenkins builds, are told too', async () => {
  asked = [];
  const gitlab = {
    GITLAB_CI: 'true',
    CI_API_V4_URL: api,
    CI_PROJECT_ID: '3',
    CI_MERGE_REQUEST_IID: '5',
    GITLAB_TOKEN: 'g',
  };
  await putComment(pullRequestOf(gitlab), 'failover', 'text');
  assert.deepEqual(asked.at(-1), { method: 'POST', path: '/projects/3/merge_requests/5/notes', token: 'g' });
  const jenkins = {
    CHANGE_ID: '9',
    CHANGE_URL: 'https://git.example/o/n/pull/9',
    GITHUB_TOKEN: 't',
    GITHUB_API_URL: api,
  };
  await putComment(pullRequestOf(jenkins), 'failover', 'text');
  assert.equal(asked.at(-1)!.path, '/repos/o/n/issues/comments/102');
});

test('without a pull request or a token a sentence says so; a refusal names the right that is missing', async () => {
  assert.match(pullRequestOf({ GITHUB_REF: 'refs/heads/main' }) as string, /is for no pull request/);
  assert.match(pullRequestOf({ GITLAB_CI: 'true' }) as string, /is for no merge request/);
  const request = { GITHUB_REF: 'refs/pull/7/merge', GITHUB_REPOSITORY: 'forbidden/n', GITHUB_API_URL: api };
  assert.match(pullRequestOf(request) as string, /GITHUB_TOKEN is missing/);
  const to = pullRequestOf({ ...request, GITHUB_TOKEN: 'secret-token' });
  await assert.rejects(putComment(to, 'smoke', 'x'), (error: Error) => {
    assert.match(error.message, /answered with 403; the token needs the right to write comments/);
    return !error.message.includes('secret-token');
  });
});
