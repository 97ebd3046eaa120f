import { ToolError } from '../../programs/process';

/** Where the comments of a pull request (GitHub) or a merge request (GitLab) are, and what they are written with. */
export interface PullRequest {
  /** Lists comments, and takes a new one. */
  list: string;
  /** Changes one. */
  one: (id: number) => { url: string; method: string };
  headers: Record<string, string>;
}

type Env = Readonly<Record<string, string | undefined>>;

/** The pull request that a CI's job is for, by the variables that the CI sets; a sentence where there is none. */
export function pullRequestOf(env: Env): PullRequest | string {
  if (env.GITLAB_CI) return mergeRequest(env);
  const number = /^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? '')?.[1] ?? env.CHANGE_ID;
  const repository = env.GITHUB_REPOSITORY ?? repositoryOf(env.CHANGE_URL);
  if (number === undefined || repository === undefined) return 'this job is for no pull request, so nobody was told';
  if (!env.GITHUB_TOKEN) return 'GITHUB_TOKEN is missing, so the pull request was not told';
  const issues = `${env.GITHUB_API_URL ?? 'https://api.github.com'}/repos/${repository}/issues`;
  return {
    list: `${issues}/${number}/comments`,
    one: (id) => ({ url: `${issues}/comments/${id}`, method: 'PATCH' }),
    headers: { authorization: `Bearer ${env.GITHUB_TOKEN}`, accept: 'application/vnd.github+json' },
  };
}

function mergeRequest(env: Env): PullRequest | string {
  if (!env.CI_MERGE_REQUEST_IID) return 'this job is for no merge request, so nobody was told';
  if (!env.GITLAB_TOKEN) return 'GITLAB_TOKEN is missing, so the merge request was not told';
  const list = `${env.CI_API_V4_URL}/projects/${env.CI_PROJECT_ID}/merge_requests/${env.CI_MERGE_REQUEST_IID}/notes`;
  return {
    list,
    one: (id) => ({ url: `${list}/${id}`, method: 'PUT' }),
    headers: { 'private-token': env.GITLAB_TOKEN },
  };
}

/** owner/name of the address of a pull request, which Jenkins has in CHANGE_URL. */
const repositoryOf = (url = '') => /^https?:\/\/[^/]+\/([^/]+\/[^/]+)\/pull\/\d+/.exec(url)?.[1];

/** A page of comments that is looked through; the API's own limit. */
const page = 100;
const pages = 10;

/**
 * Writes a comment, or changes the one that an earlier run of the same script wrote. Returns a sentence that says what
 * became of it. Rejects with {@link ToolError} where the CI refuses it.
 */
export async function putComment(to: PullRequest | string, script: string, text: string): Promise<string> {
  if (typeof to === 'string') return to;
  const mark = `<!-- gsai-perf ${script} -->`;
  const body = JSON.stringify({ body: `${mark}\n${text}` });
  const known = await earlier(to, mark);
  if (known === undefined) {
    await call(to.list, 'POST', to.headers, body);
    return 'the pull request has a new comment';
  }
  const { url, method } = to.one(known);
  await call(url, method, to.headers, body);
  return 'the comment of the pull request was changed';
}

async function earlier(to: PullRequest, mark: string): Promise<number | undefined> {
  for (let number = 1; number <= pages; number++) {
    const found = (await call(`${to.list}?per_page=${page}&page=${number}`, 'GET', to.headers)) as {
      id: number;
      body: string;
    }[];
    const own = found.find(({ body }) => body.startsWith(mark));
    if (own) return own.id;
    if (found.length < page) return undefined;
  }
  return undefined;
}

async function call(url: string, method: string, headers: Record<string, string>, body?: string): Promise<unknown> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method,
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'gsai-perf' },
      body,
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    throw new ToolError(`the comment could not be written: ${new URL(url).host} does not answer (${String(error)})`);
  }
  const text = await answer.text();
  if (!answer.ok)
    throw new ToolError(
      `the comment could not be written: ${method} ${new URL(url).pathname} was answered with ${answer.status}; the token needs the right to write comments`,
    );
  return JSON.parse(text) as unknown;
}
