import { capital, type Voice } from './grammar';
import { tokensOf } from './tokens';

/** A piece of a document: a heading with the sentences (or list items, or lines) below it. */
interface Block {
  heading?: string;
  sentences: string[];
  between?: string;
}

type Kind = (voice: Voice) => Generator<Block, never>;

const list = '\n- ';
const lines = '\n';

function* regulation(voice: Voice): Generator<Block, never> {
  const part = voice.random.int(210, 980);
  yield {
    sentences: [
      voice.say(`PART ${part}: {^@topic}. Proposed rule of the {@bureau}, docket {docket}, comments due {later}.`),
    ],
  };
  const subjects: [string, string][] = [
    ['Purpose and scope', 'scope'],
    ['Definitions', 'definition'],
    ['Who is eligible', 'eligible'],
    ['How to file', 'apply'],
    ['Review and decision', 'review'],
    ['Appeals', 'appeal'],
    ['Records and reports', 'keep'],
    ['Enforcement', 'enforce'],
    ['Waivers', 'waive'],
  ];
  for (let round = 0; ; round++) {
    const titles = round === 0 ? subjects : voice.random.shuffle(subjects.filter(([, rule]) => rule !== 'definition'));
    for (const [i, [title, rule]] of titles.entries()) {
      const about = round === 0 ? title : voice.say(`${title}: {topic}`);
      yield {
        heading: `§ ${part}.${10 * round * titles.length + 10 * (i + 1)} ${about}.`,
        sentences: voice.sentences(rule, rule === 'definition' ? 3 : voice.random.int(3, 5)).map(stop),
      };
    }
  }
}

function* minutes(voice: Voice): Generator<Block, never> {
  yield {
    sentences: [
      voice.say('Notes of the working group on {@topic}, {@bureau}, {date}, {hours}.'),
      voice.say('Present: {person} (chair), {person}, {person}, {person}; by telephone: {person}.'),
      voice.say('Next meeting: {@later.next}.'),
    ],
  };
  for (let item = 1; ; item++) {
    yield {
      heading: voice.say(`${item}. {^topic}`),
      sentences: [...voice.sentences('discussed', voice.random.int(3, 5)), voice.sentence('decided')],
    };
    if (item % 2 === 0)
      yield { heading: 'Actions', sentences: ['', ...voice.sentences('todo', voice.random.int(2, 4))], between: list };
  }
}

function* incident(voice: Voice): Generator<Block, never> {
  yield {
    sentences: [
      voice.say('Incident {ticket}. {^@system}, {city}. Opened {date} by {person}, {role}.'),
      voice.say('Short description: {issue}.'),
    ],
  };
  for (let phase = 1; ; phase++) {
    const clock = voice.sentences('logged', voice.random.int(4, 7)).sort();
    yield {
      heading: phase === 1 ? 'Timeline' : voice.say(`Timeline, day ${phase} ({city})`),
      sentences: ['', ...clock],
      between: list,
    };
    yield { heading: 'Impact', sentences: voice.sentences('harmed', 2) };
    yield { heading: 'Cause', sentences: voice.sentences('why', 2) };
    yield { heading: 'Corrective actions', sentences: ['', ...voice.sentences('fixing', 3)], between: list };
  }
}

function* audit(voice: Voice): Generator<Block, never> {
  yield {
    sentences: [
      voice.say('Audit of {@topic} at the {@bureau}, report {docket}.'),
      voice.say('We reviewed {count} {assets} and interviewed {12-90} people between {month} and {month}.'),
    ],
  };
  for (let n = 1; ; n++) {
    yield {
      heading: voice.say(`Finding ${n}: {^topic}`),
      sentences: [
        ...voice.sentences('condition', 2),
        voice.sentence('criteria'),
        voice.sentence('reason'),
        voice.sentence('result'),
      ],
    };
    yield { heading: `Recommendation ${n}`, sentences: [voice.sentence('advice'), voice.sentence('answer')] };
  }
}

function* letter(voice: Voice): Generator<Block, never> {
  yield {
    sentences: [
      voice.say('{@person}, {12-980} {Mill|Orchard|Canal|Third|Prospect} Street, {city}'),
      voice.say('{date}'),
      voice.say('To the {@bureau}, {unit}'),
    ],
    between: lines,
  };
  for (;;) yield { sentences: voice.sentences('wrote', voice.random.int(3, 5)) };
}

function* contract(voice: Voice): Generator<Block, never> {
  yield { sentences: [voice.say('STATEMENT OF WORK, task order {docket}: {@topic} for the {@bureau}.')] };
  const parts: [string, string][] = [
    ['Performance', 'perform'],
    ['Acceptance', 'accept'],
    ['Payment', 'pay'],
    ['Data and security', 'protect'],
    ['Changes and end of the contract', 'modify'],
  ];
  for (let round = 1; ; round++) {
    for (const [i, [title, rule]] of parts.entries()) {
      yield {
        heading: round === 1 ? `${i + 1}. ${title}` : voice.say(`${i + 1}.${round} ${title}: {assets} in {city}`),
        sentences: voice.sentences(rule, voice.random.int(3, 4)).map(stop),
      };
    }
  }
}

function* policy(voice: Voice): Generator<Block, never> {
  yield { sentences: [voice.say('Policy {docket} of the {@bureau}: {@topic}. In force since {date}. Owner: {role}.')] };
  for (let n = 1; ; n++)
    yield { heading: voice.say(`${n}. {^topic}`), sentences: voice.sentences('rule', voice.random.int(3, 4)) };
}

/** Two policies on the same subjects with other terms: what a comparison is asked about. */
function* policies(voice: Voice): Generator<Block, never> {
  yield {
    sentences: [
      voice.say('Version A: the {@bureau.a}, {date}. Version B: the {@bureau.b}, {date}. Both govern {@topic}.'),
    ],
  };
  for (let n = 1; ; n++) {
    const title = capital(voice.draw('topic'));
    yield { heading: `A.${n} ${title}`, sentences: voice.sentences('rule', 3) };
    yield { heading: `B.${n} ${title}`, sentences: voice.sentences('rule', 3) };
  }
}

function* messages(voice: Voice): Generator<Block, never> {
  for (let n = 1; ; n++)
    yield {
      heading: voice.say(`[${n}] {isodate} {time}, by {web form|email|letter|telephone|chat}, {city}`),
      sentences: voice.sentences('message', voice.random.int(1, 2)),
    };
}

function* table(voice: Voice): Generator<Block, never> {
  const [a, b] = [voice.draw('measure'), voice.draw('assets')].map((name) =>
    name
      .replace(/^the /, '')
      .replace(/[^a-z]+/gi, '_')
      .toLowerCase(),
  );
  const counties = voice.random
    .shuffle(['Ansley', 'Tamarack', 'Ellery', 'Wendover', 'Sable', 'Larch', 'Granite', 'Tullis', 'Marrow', 'Heron'])
    .slice(0, voice.random.int(4, 8));
  const head = `county,quarter,${b},${a},opened,closed,cost_usd`;
  const year = voice.random.int(2008, 2012);
  const row = (i: number): string => {
    const r = voice.random;
    const quarter = Math.floor(i / counties.length);
    const opened = r.int(40, 900);
    const gap = r.int(1, 40) === 1;
    return [
      counties[i % counties.length],
      `${year + Math.floor(quarter / 4)}Q${(quarter % 4) + 1}`,
      r.int(3, 400),
      gap ? '' : (r.int(10, 9900) / 100).toFixed(2),
      opened,
      Math.max(0, opened - r.int(-60, 120)),
      r.int(1_000, 950_000),
    ].join(',');
  };
  let i = 0;
  yield { sentences: [head, ...Array.from({ length: 4 }, () => row(i++))], between: lines };
  for (;;) yield { sentences: Array.from({ length: 4 }, () => row(i++)), between: lines };
}

function* log(voice: Voice): Generator<Block, never> {
  const r = voice.random;
  const day = voice.draw('isodate');
  let at = r.int(6 * 3_600_000, 18 * 3_600_000);
  const service = ['intake-api', 'document-store', 'notify-worker', 'identity-proxy', 'ledger-sync'];
  const events = [
    'INFO request finished route=/v1/{cases|filings|status|uploads} status={200|201|204} duration_ms={12-900}',
    'WARN retry {1-4} of 5 upstream={ledger|identity|mail|scan} reason="connection reset"',
    'ERROR could not store document id={ticket} size_kb={20-9000} cause="{quota exceeded|checksum mismatch|lock timeout}"',
    'INFO job finished name=nightly_{export|match|purge} rows={count} duration_ms={900-90000}',
    'WARN slow query ms={1200-9800} sql="SELECT * FROM {filings|cases|payments} WHERE office_id={1-80} ORDER BY created_at"',
    'ERROR unhandled exception type={KeyError|TimeoutError|ValueError} field={received_on|amount|county_code} request_id={ticket}',
    'INFO user signed in method={piv|security_key|otp} office="{city}"',
    'WARN pool exhausted size={10-40} waiting={1-90}',
  ];
  const line = (): string => {
    at += r.int(3, 9_000);
    const clock = [Math.floor(at / 3_600_000) % 24, Math.floor(at / 60_000) % 60, Math.floor(at / 1000) % 60]
      .map((n) => String(n).padStart(2, '0'))
      .join(':');
    return `${day}T${clock}.${String(at % 1000).padStart(3, '0')}Z ${r.pick(service)}-${r.int(1, 6)} ${voice.say(r.pick(events))}`;
  };
  for (;;) yield { sentences: Array.from({ length: 5 }, line), between: lines };
}

const kinds = {
  regulation,
  minutes,
  incident,
  audit,
  letter,
  contract,
  policy,
  policies,
  messages,
  table,
  log,
} satisfies Record<string, Kind>;
export type DocumentKind = keyof typeof kinds;

/**
 * A document of about `tokens` tokens: it ends at the sentence whose end is nearest to the target,
 * so the error is at most half a sentence.
 */
export function documentOf(kind: DocumentKind, voice: Voice, tokens: number): string {
  let text = '';
  let length = 0;
  const blocks: Generator<Block, never> = kinds[kind](voice);
  for (;;) {
    const block = blocks.next().value;
    let before = text === '' ? '' : block.between === lines && kind !== 'letter' ? '\n' : '\n\n';
    if (block.heading !== undefined) before += `${block.heading}\n`;
    for (const sentence of block.sentences) {
      // a list starts with an empty sentence: its first item then gets a dash too
      if (sentence === '') {
        before = before.replace(/\n$/, '') + list;
        continue;
      }
      const piece = before + sentence;
      const longer = length + tokensOf(piece);
      if (text !== '' && Math.abs(longer - tokens) >= Math.abs(length - tokens)) return text;
      text += piece;
      length = longer;
      before = block.between ?? ' ';
    }
  }
}

const stop = (sentence: string): string => (sentence.endsWith('.') ? sentence : `${sentence}.`);
