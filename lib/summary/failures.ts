import type { Failures, Snapshot } from 'k6/x/sse';
import type { TimelinePoint } from '../measurements';
import { tagText, type Tags } from '../metrics';

/** A text that failed requests were told, the same but for numbers and ids in it. One line, without keys. */
export interface FailureSampleReport {
  outcome: string;
  /** 0 without an answer. */
  status: number;
  /** The target's own words where it answered with an error; else what went wrong. */
  text: string;
  count: number;
  /** When the first and the last ended, seconds since the load began. */
  first_s: number;
  last_s: number;
  /** Headers of some of these answers that name the request, as x-request-id. */
  request_ids: { header: string; value: string }[];
  /** How many of them had which kind, model and agency; twelve at most. */
  of: { tags: Tags; count: number }[];
}

/** What the target said of requests that failed. */
export interface FailureReport {
  /** Of each outcome the most frequent texts, eight at most; the most frequent of all first. */
  samples: FailureSampleReport[];
  /** Failed requests whose text is not among the samples. */
  unlisted: number;
  /** Headers of failed requests that tell of limits: of how many, and the first and the last value. */
  limit_headers: { header: string; count: number; first: string; last: string }[];
  /** Failed answers that said how long to wait (Retry-After), and the shortest and longest wait that they named. */
  retry_after?: { count: number; least_s: number; most_s: number; first_s: number; last_s: number; held_s: number };
}

/** What run.json says of failed requests; undefined when none failed. */
export function failureReport({ failures }: Pick<Snapshot, 'failures'>): FailureReport | undefined {
  const { samples, unlisted, limits, holds } = failures;
  if (samples.length === 0 && unlisted === 0) return undefined;
  return {
    samples: samples
      .map(({ outcome, status, text, count, first, last, ids, groups }) => ({
        outcome,
        status,
        text,
        count,
        first_s: first / 1000,
        last_s: last / 1000,
        request_ids: ids,
        of: groups,
      }))
      .sort((a, b) => b.count - a.count),
    unlisted,
    limit_headers: limits,
    ...(holds
      ? {
          retry_after: {
            count: holds.count,
            least_s: holds.least,
            most_s: holds.most,
            first_s: holds.first / 1000,
            last_s: holds.last / 1000,
            held_s: holds.held / 1000,
          },
        }
      : {}),
  };
}

/** Users who send their next request at once do not heed a Retry-After: how often they came back, as a note. */
export function hammering({ holds }: Failures, timeline: readonly TimelinePoint[]): string[] {
  if (!holds || holds.most <= 0) return [];
  const [from, to] = [holds.first / 1000, holds.last / 1000];
  const meant = timeline.filter(({ t_s, seconds }) => t_s + seconds > from && t_s <= to);
  // The last slot may have had no time to fill.
  const span = meant.reduce((sum, { t_s, seconds }) => sum + Math.min(seconds, Math.max(0, to - t_s)), 0);
  const sent = meant.reduce((sum, { started }) => sum + started, 0);
  if (span === 0) return [];
  const wait = holds.least === holds.most ? `${tidy(holds.most)} s` : `${tidy(holds.least)} to ${tidy(holds.most)} s`;
  return [
    `${holds.count} answers that failed asked to wait for ${wait} (Retry-After), and this closed load does not wait: its users went on with ${tidy(sent / span)} requests/s from second ${tidy(from)} to second ${tidy(to)}. Most of what failed then says how the target refuses, not what it can do: give RATE below its limit`,
  ];
}

/** How many requests with these tags ended so. */
interface OutcomeCount {
  outcome: string;
  tags: Tags;
  count: number;
}

/** What of run.json is needed here. */
interface Said {
  failures?: FailureReport;
  outcomes: readonly OutcomeCount[];
}

/** A share of the requests with these tags that failed with one outcome. */
interface Failing {
  tags: Tags;
  failed: number;
  requests: number;
}

/** The tags by which it is told which requests fail, from the widest on. */
const tellApart: readonly (readonly string[])[] = [['kind'], ['model'], ['agency'], ['kind', 'model'], ['phase']];

/** A narrower group is told in place of a wider one where its requests fail so many times as often. */
const sharper = 1.5;

/**
 * Which requests failed with an outcome, where it is not all alike: the widest group by kind, model, agency or phase that
 * holds at least nine in ten of these failures and fails at least twice as often as all others, or a narrower one of the
 * kind that fails clearly more often; undefined where there is none.
 */
export function whereFailed(outcomes: readonly OutcomeCount[], outcome: string): Failing | undefined {
  const all = total(outcomes, {}, outcome);
  const shareOf = ({ failed, requests }: Failing) => failed / requests;
  let told: Failing | undefined;
  for (const names of tellApart) {
    const found = groupsBy(outcomes, names)
      .map((tags) => total(outcomes, tags, outcome))
      .find(({ tags, failed, requests }) => {
        const [others, others_failed] = [all.requests - requests, all.failed - failed];
        const apart = Object.keys(tags).length > 0 && others > 0;
        return apart && failed >= 0.9 * all.failed && failed / requests >= (2 * others_failed) / others;
      });
    if (found && (!told || shareOf(found) >= sharper * shareOf(told))) told = found;
  }
  return told;
}

function groupsBy(outcomes: readonly OutcomeCount[], names: readonly string[]): Tags[] {
  const known = new Map<string, Tags>();
  for (const { tags } of outcomes) {
    if (names.some((name) => tags[name] === undefined || tags[name] === 'none')) continue;
    const own = Object.fromEntries(names.map((name) => [name, tags[name]!]));
    known.set(JSON.stringify(own), own);
  }
  return [...known.values()];
}

function total(outcomes: readonly OutcomeCount[], tags: Tags, outcome: string): Failing {
  const own = outcomes.filter((row) => Object.entries(tags).every(([name, value]) => row.tags[name] === value));
  const count = (rows: readonly OutcomeCount[]) => rows.reduce((sum, row) => sum + row.count, 0);
  return { tags, failed: count(own.filter((row) => row.outcome === outcome)), requests: count(own) };
}

/** Seconds and rates as a reader can use them. */
const tidy = (value: number) => Number(value.toFixed(value >= 10 ? 0 : 1)).toString();

/** Texts that the table shows of each outcome. */
const shownTexts = 3;
/** Characters of a text, and of an id, that the table shows. */
const shownText = 160;
const short = (text: string, most: number) => (text.length > most ? `${text.slice(0, most)}…` : text);

/** The table's lines: which requests failed with each outcome, and what the target said. */
export function failureLines({ failures, outcomes }: Said): string[] {
  if (!failures) return [];
  const lines: string[] = [];
  const names = [...new Set(failures.samples.map(({ outcome }) => outcome))];
  const counted = names.map((outcome) => ({ outcome, failed: total(outcomes, {}, outcome).failed }));
  for (const { outcome, failed } of counted.sort((a, b) => b.failed - a.failed)) {
    const where = whereFailed(outcomes, outcome);
    lines.push(`  failed      ${outcome} ${failed}${where ? `: ${whereText(where, failed)}` : ''}`);
    const samples = failures.samples.filter((sample) => sample.outcome === outcome);
    for (const sample of samples.slice(0, shownTexts)) lines.push(`              ${sampleText(sample)}`);
    const more = samples.length - shownTexts;
    if (more > 0) lines.push(`              and ${more} more text${more > 1 ? 's' : ''} (run.json has them)`);
  }
  if (failures.unlisted > 0)
    lines.push(`              ${failures.unlisted} more requests failed with other texts, which were not kept`);
  if (failures.limit_headers.length > 0)
    lines.push(
      `  limits      ${failures.limit_headers
        .slice(0, 4)
        .map(
          ({ header, count, first, last }) => `${header}: ${first === last ? first : `${first} .. ${last}`} (${count})`,
        )
        .join(', ')}`,
    );
  return lines;
}

function whereText({ tags, failed, requests }: Failing, all: number): string {
  return `${failed === all ? 'all' : failed} with ${tagText(tags)} (${failed} of ${requests} such requests)`;
}

function sampleText({ status, text, count, first_s, last_s, request_ids: ids, of }: FailureSampleReport): string {
  const when = first_s === last_s ? `at ${tidy(first_s)} s` : `${tidy(first_s)} to ${tidy(last_s)} s`;
  const groups = of
    .slice(0, 3)
    .map((group) => `${Object.values(group.tags).join(' ')}${of.length > 1 ? ` ${group.count}` : ''}`);
  const whom = groups.length > 0 ? `; ${groups.join(', ')}${of.length > 3 ? ' ...' : ''}` : '';
  const named = ids.length > 0 ? `; ${ids[0]!.header} ${short(ids[0]!.value, 60)}` : '';
  return `${count} x ${status > 0 ? `${status} ` : ''}"${short(text, shownText)}" (${when}${whom}${named})`;
}
