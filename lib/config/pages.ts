import { list, ParameterError, seconds, wrong, type Env } from './reading';

/** The target's own pages. */
export interface PageParameters {
  /** Prometheus pages of the target, each with a name of its own; none are read when it is empty. */
  pages: { name: string; url: string }[];
  /** Other names of what the pages tell, by our own name of it. */
  pageNames: Readonly<Record<string, readonly string[]>>;
  /** Seconds between two readings of a page. */
  pagesEvery: number;
}

/** Names are tags of samples, so there are few and short ones. */
const pagesAtMost = 10;

/** METRICS_MAP: our name of something, and that of the page, several for one of ours too. */
function pageNames(env: Env, pages: number): PageParameters['pageNames'] {
  const names: Record<string, string[]> = {};
  for (const item of list(env, 'METRICS_MAP') ?? []) {
    const [, ours, theirs] = /^(target_[a-z_]+)=([A-Za-z_:][A-Za-z0-9_:]{0,199})$/.exec(item) ?? [];
    if (ours === undefined || theirs === undefined)
      throw wrong(
        'METRICS_MAP',
        item,
        'one of our names and one of the page is wanted, as target_connections=my_pool_in_use; docs/measuring.md lists ours (target_…)',
      );
    (names[ours] ??= []).push(theirs);
  }
  if (env.METRICS_MAP !== undefined && pages === 0)
    throw new ParameterError('METRICS_MAP is given without METRICS_URLS: there is no page to read');
  return names;
}

/** Reads what is said of the target's own pages. */
export function pages(env: Env): PageParameters {
  const items = list(env, 'METRICS_URLS') ?? [];
  const every = env.METRICS_INTERVAL === undefined ? 5 : seconds(env.METRICS_INTERVAL);
  if (every === undefined || every < 1 || every > 60)
    throw wrong('METRICS_INTERVAL', env.METRICS_INTERVAL ?? '', 'a duration from 1s to 60s is wanted');
  if (env.METRICS_INTERVAL !== undefined && items.length === 0)
    throw new ParameterError('METRICS_INTERVAL is given without METRICS_URLS: there is no page to read');
  if (items.length > pagesAtMost)
    throw new ParameterError(
      `METRICS_URLS is wrong: it names ${items.length} pages, at most ${pagesAtMost} can be read`,
    );
  const pages = items.map((item) => {
    const [, name, url, host] =
      /^(?:([A-Za-z0-9_.-]{1,40})=)?(https?:\/\/((?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?)(?:\/[^\s?#]*)?)$/i.exec(
        item,
      ) ?? [];
    if (url === undefined)
      throw wrong(
        'METRICS_URLS',
        item.replace(/\?.*/, '?…'),
        'an address like http://127.0.0.1:9090/metrics, or gateway=http://127.0.0.1:9090/metrics, without query, is wanted',
      );
    return { name: name ?? host!, url };
  });
  const twice = pages.find(({ name }, i) => pages.findIndex((other) => other.name === name) !== i);
  if (twice)
    throw new ParameterError(
      `METRICS_URLS is wrong: two pages are called ${twice.name}; give each a name, as gateway=${twice.url}`,
    );
  const same = pages.find(({ url }, i) => pages.findIndex((other) => other.url === url) !== i);
  if (same)
    throw new ParameterError(
      `METRICS_URLS is wrong: ${same.url} is given under two names, so what it tells would count twice`,
    );
  return { pages, pagesEvery: every, pageNames: pageNames(env, pages.length) };
}
