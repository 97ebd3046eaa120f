import { phases, type Load } from '../load';
import type { Finding } from '../measurements';
import { caseDifference, placeInRound, type Reading } from '../pairs';
import { ascending, meanOf, quantileOf } from '../statistics';
import type { RequestNote } from '../truth';
import { findings, type Observed } from './observed';
import { pagesAgree } from './pages-agree';

/*
 * Whether what the target tells of itself is true, and what it costs to ask: blocks of time in random order, in which its
 * page is left alone, is read every second, or in which every request is traced.
 */

const cases = ['bare', 'scraped', 'traced'] as const;
type Case = (typeof cases)[number];
/** Rounds of these, as many as a difference needs and a few more. */
const rounds = 14;
const caseOf = (phase: string) => phase.slice(0, phase.indexOf('-')) as Case;
const roundOf = (phase: string) => Number(phase.slice(phase.indexOf('-') + 1));

/** A phase in which the target's page is read. */
export const isScraped = (phase: string) => caseOf(phase) === 'scraped';

/** A phase in which requests carry a `traceparent`. */
export const isTraced = (phase: string) => caseOf(phase) === 'traced';

/** 10 minutes of blocks, in an order that is drawn by the seed. */
export function monitoringLoad(seed: number): Load {
  const seconds = (10 * 60) / (rounds * cases.length);
  const names = Array.from({ length: rounds * cases.length }, (_, i) => {
    const { item, round } = placeInRound(cases, seed, i);
    return `${item}-${round + 1}`;
  });
  return phases(Object.fromEntries(names.map((name) => [name, { rate: 10, for: `${seconds.toFixed(3)}s` }])));
}

/** Everything that the script `monitoring` finds. */
export const monitoringFindings = findings(
  [
    'page-count',
    'page-duration',
    'page-refresh',
    'pages-agree',
    'whole-traces',
    'time-in-no-span',
    'scraping-costs',
    'tracing-costs',
  ],
  (observed: Observed) => [
    ...counts(observed),
    ...refresh(observed),
    ...pagesAgree(observed),
    ...traces(observed),
    ...costs(observed.requests, 'scraped', 'scraping-costs', 'a reading of its page every second'),
    ...costs(observed.requests, 'traced', 'tracing-costs', 'a trace of every request'),
  ],
  'METRICS_URLS with a page that counts requests and their durations; JAEGER_URL for traces',
);

const figure = (value: number) =>
  Math.abs(value) >= 100 ? Math.round(value).toString() : Number(value.toPrecision(2)).toString();
const percent = (share: number) => `${figure(100 * share)} %`;

/** Between the reading before the load and the last one after it. */
function counts({ requests, around = [], refreshes = [], resources = [] }: Observed): Finding[] {
  const asked = requests.filter(({ outcome }) => outcome !== 'connect');
  return [...new Set(around.map(({ page }) => page))].flatMap((page) => {
    const own = around.filter((note) => note.page === page);
    const first = own.filter((note) => note.around === 'before').pop()?.totals;
    const last = own.filter((note) => note.around === 'after').pop()?.totals;
    if (!first || !last || last.target_requests === undefined || asked.length === 0) return [];
    const rise = last.target_requests - (first.target_requests ?? 0);
    const sent = asked.length + refreshes.length;
    // Some pages count their own readings too.
    const readings = own.length + (resources.find(({ target }) => target === page)?.readings ?? 0) + 10;
    const counted = rise > sent && rise - sent <= readings * 10 ? sent : rise;
    const off = Math.abs(counted - sent) / sent;
    const made: Finding[] = [
      {
        id: 'page-count',
        of: page,
        value: off,
        unit: 'share',
        n: sent,
        text: `${page}: its page counts ${counted} of ${sent} requests${off > 0 ? `: ${percent(off)} off` : ''}`,
      },
    ];
    if (last.target_busy === undefined || rise <= 0) return made;
    const told = (1000 * (last.target_busy - (first.target_busy ?? 0))) / rise;
    return [...made, rise > sent * (1 + others) ? withOthers(page, rise, sent) : duration(page, told, asked)];
  });
}

/** A page that counts more than this share of requests beside ours tells a mean of them too. */
const others = 0.05;

const withOthers = (page: string, rise: number, sent: number): Finding => ({
  id: 'page-duration',
  of: page,
  value: null,
  unit: 'share',
  n: sent,
  text: `${page}: its page counts ${rise} requests, of which ${sent} were sent here, so its mean duration is not that of ours`,
});

/** What the way between the target and its clients may take, ms: no page knows of it. */
const theWay = 10;

/** `told`: the mean by the page, ms. */
function duration(page: string, told: number, asked: readonly RequestNote[]): Finding {
  const whole = meanOf(asked.map(({ end }) => Math.max(0, end)))!;
  const headers = meanOf(
    asked.map(({ end, detail }) => (detail && detail.ttfb >= 0 ? detail.ttfb : Math.max(0, end))),
  )!;
  const off = Math.abs(told - whole) <= theWay ? 0 : Math.abs(told - whole) / whole;
  // Only what lies there ends there: a page whose clock starts late tells less than the clients too.
  const atHeaders =
    off > 0.05 && whole - headers > theWay && Math.abs(told - headers) <= Math.max(theWay, 0.1 * headers);
  const why = atHeaders
    ? `: its duration of a stream ends at the headers or the first byte, which come after ${figure(headers)} ms on average`
    : '';
  return {
    id: 'page-duration',
    of: page,
    value: off,
    unit: 'share',
    n: asked.length,
    text: `${page}: by its page a request takes ${figure(told)} ms on average, by the clients ${figure(whole)} ms: ${off === 0 ? `alike, within the ${theWay} ms that the way may take` : `${percent(off)} off${why}`}`,
  };
}

function refresh({ refreshes = [] }: Observed): Finding[] {
  if (refreshes.length === 0) return [];
  const known = refreshes.flatMap(({ seconds }) => seconds ?? []);
  const never = refreshes.length - known.length;
  const value = known.length > 0 ? Math.max(...known) : null;
  return [
    {
      id: 'page-refresh',
      value,
      unit: 's',
      n: refreshes.length,
      missed: value === null,
      text:
        value === null
          ? `of ${refreshes.length} requests none was on its page within the time that was waited for it`
          : `a request is on its page after ${figure(value)} s at most${value > 1 ? ': the page is refreshed at so long intervals' : ''}${never > 0 ? `; ${never} of ${refreshes.length} such requests ${never === 1 ? 'was' : 'were'} never counted` : ''}`,
    },
  ];
}

function traces({ traces: seen = [] }: Observed): Finding[] {
  if (seen.length === 0) return [];
  const whole = seen.filter(({ server, calls }) => server > 0 && calls > 0);
  const [none, noCall] = [
    seen.filter(({ server }) => server === 0).length,
    seen.filter(({ server, calls }) => server > 0 && calls === 0).length,
  ];
  const share = whole.length / seen.length;
  const missing = [
    ...(none > 0 ? [`no span of the gateway in ${none}`] : []),
    ...(noCall > 0 ? [`no span of the provider's call in ${noCall}`] : []),
  ];
  const made: Finding[] = [
    {
      id: 'whole-traces',
      value: share,
      unit: 'share',
      n: seen.length,
      text: `${whole.length} of ${seen.length} traces are whole${missing.length > 0 ? `: ${missing.join(', ')}` : ''}`,
    },
  ];
  const timed = whole.filter(({ clientMs }) => clientMs > 0);
  if (timed.length > 0) {
    const [client, outside] = [
      meanOf(timed.map(({ clientMs }) => clientMs))!,
      meanOf(timed.map(({ clientMs, serverMs }) => Math.max(0, clientMs - serverMs)))!,
    ];
    made.push({
      id: 'time-in-no-span',
      value: outside / client,
      unit: 'share',
      n: timed.length,
      text: `${figure(outside)} of ${figure(client)} ms of a request are in no span of the gateway`,
    });
  }
  return made;
}

/** What the blocks of a case take more than the bare ones of the same round, at the 95th percentile of the first token. */
function costs(requests: readonly RequestNote[], one: Case, id: string, what: string): Finding[] {
  const blocks = new Map<string, number[]>();
  for (const { phase, outcome, ttft, plain } of requests)
    if (outcome === 'ok' && !plain && ttft > 0) blocks.set(phase, [...(blocks.get(phase) ?? []), ttft]);
  const readings = [...blocks].map(
    ([phase, values]): Reading => ({
      round: roundOf(phase),
      case: caseOf(phase),
      value: quantileOf(ascending(values), 0.95)!,
    }),
  );
  const found = caseDifference(readings, one, 'bare');
  if (!found) return [];
  const [low, high] = found.interval;
  const usual = found.medians[1];
  const certain = Math.max(0, low) / usual;
  const range = `${figure(found.value)} ms [${figure(low)}, ${figure(high)}] of the p95 of the first token (${figure(usual)} ms)`;
  return [
    {
      id,
      value: certain,
      unit: 'share',
      n: found.n,
      interval: [low / usual, high / usual],
      text: low > 0 ? `${what} costs ${range}` : `${what} costs nothing that shows: ${range}`,
    },
  ];
}
