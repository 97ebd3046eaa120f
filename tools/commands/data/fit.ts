import { createReadStream, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { ToolError } from '../../programs/process';
import { bucketOf, lengthsOf, type Cell, type Profile } from './profile';

/** Where a log has what a profile is made of; the first that a line has counts. Dots lead into objects. */
interface Columns {
  time: string[];
  prompt_tokens: string[];
  output_tokens: string[];
  session: string[];
  stream: string[];
}
const names = ['time', 'prompt_tokens', 'output_tokens', 'session', 'stream'] as const;

/** Bytes of a token of English, about. */
const bytesPerToken = 4;

interface Format {
  columns: Columns;
  /** The lengths are bytes. */
  bytes?: true;
}

export const formats: Readonly<Record<string, Format>> = {
  openai: {
    columns: {
      time: ['timestamp', 'time', 'created', 'created_at'],
      prompt_tokens: ['usage.prompt_tokens', 'usage.input_tokens', 'response.usage.prompt_tokens', 'prompt_tokens'],
      output_tokens: [
        'usage.completion_tokens',
        'usage.output_tokens',
        'response.usage.completion_tokens',
        'completion_tokens',
      ],
      session: ['session_id', 'conversation_id', 'request.user', 'user'],
      stream: ['stream', 'request.stream'],
    },
  },
  litellm: {
    columns: {
      time: ['startTime', 'start_time'],
      prompt_tokens: ['prompt_tokens'],
      output_tokens: ['completion_tokens'],
      session: ['session_id', 'metadata.session_id'],
      stream: ['stream'],
    },
  },
  nginx: {
    bytes: true,
    columns: {
      time: ['msec', 'time_iso8601', 'time'],
      prompt_tokens: ['request_length'],
      output_tokens: ['body_bytes_sent', 'bytes_sent'],
      session: ['http_x_session_id'],
      stream: [],
    },
  },
};

export const fitHelp = `npm run data -- fit LOG [--format openai|litellm|nginx] [--columns JSON] [--out profile.json]

Makes a profile of a log: how many requests of which lengths. It holds counts and lengths, and never a text. The log has
one JSON object on each line.

  --format    which columns are looked for (default openai):
              openai    usage.prompt_tokens, usage.completion_tokens; timestamp, time or created; session_id; stream
              litellm   LiteLLM's spend logs: prompt_tokens, completion_tokens, startTime, session_id
              nginx     access logs in JSON: request_length, body_bytes_sent, msec or time_iso8601. They have no tokens: a
                        token is taken for four bytes, and the profile says so
  --columns   other names: {"prompt_tokens":"in","output_tokens":"out","time":"at","session":"sid","stream":"sse"}
  --out       where to write (default profile.json)

npm run data -- --profile profile.json --out FOLDER makes prompts to it.

Exit code: 0 done, 2 a wrong option or line.`;

/** Takes the values of lines together. */
export class Fit {
  #cells = new Map<string, Cell>();
  #minutes = new Map<number, number>();
  #sessions = new Map<string, number>();
  #requests = 0;
  #leftOut = 0;
  #streams = 0;
  #saysStream = 0;
  #first = Infinity;
  #last = -Infinity;

  constructor(private readonly format: Format) {}

  /** One line's object. */
  add(line: unknown): void {
    const { columns, bytes } = this.format;
    const of = (name: (typeof names)[number]) => {
      for (const path of columns[name]) {
        const found = at(line, path);
        if (found !== undefined && found !== null && found !== '') return found;
      }
      return undefined;
    };
    const [prompt, output] = [Number(of('prompt_tokens') ?? NaN), Number(of('output_tokens') ?? NaN)];
    if (!(prompt >= 0 && prompt <= 1e9 && output >= 0 && output <= 1e9)) {
      this.#leftOut += 1;
      return;
    }
    this.#requests += 1;
    const tokens = (value: number) => Math.round(bytes ? value / bytesPerToken : value);
    const [asked, said] = [bucketOf(tokens(prompt)), bucketOf(tokens(output))];
    const key = `${asked} ${said}`;
    const cell = this.#cells.get(key) ?? { prompt: lengthsOf(asked), output: lengthsOf(said), requests: 0 };
    cell.requests += 1;
    this.#cells.set(key, cell);
    const time = secondsOf(of('time'));
    if (time !== undefined) {
      this.#first = Math.min(this.#first, time);
      this.#last = Math.max(this.#last, time);
      const minute = Math.floor(time / 60);
      this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
    }
    const session = of('session');
    if (typeof session === 'string' || typeof session === 'number')
      this.#sessions.set(String(session), (this.#sessions.get(String(session)) ?? 0) + 1);
    const stream = of('stream');
    if (stream !== undefined) {
      this.#saysStream += 1;
      if (stream === true || stream === 'true' || stream === 1) this.#streams += 1;
    }
  }

  profile(): Profile {
    const seconds = this.#last > this.#first ? this.#last - this.#first : null;
    const turns = new Map<number, number>();
    for (const count of this.#sessions.values()) turns.set(count, (turns.get(count) ?? 0) + 1);
    return {
      profile: 1,
      requests: this.#requests,
      left_out: this.#leftOut,
      seconds: seconds === null ? null : round(seconds),
      requests_per_second:
        seconds === null
          ? null
          : {
              mean: round(this.#requests / seconds),
              peak_minute: round([...this.#minutes.values()].reduce((a, b) => Math.max(a, b), 0) / 60),
            },
      streamed: this.#saysStream > 0 ? round(this.#streams / this.#saysStream) : null,
      ...(turns.size > 0
        ? { sessions: [...turns].sort(([a], [b]) => a - b).map(([n, sessions]) => ({ turns: n, sessions })) }
        : {}),
      ...(this.format.bytes ? { estimated: true as const } : {}),
      cells: [...this.#cells.values()].sort((a, b) => a.prompt[0] - b.prompt[0] || a.output[0] - b.output[0]),
    };
  }
}

const round = (value: number) => Number(value.toPrecision(4));

function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

/** Seconds of a time in Unix seconds or milliseconds, or as ISO 8601 writes it. */
function secondsOf(time: unknown): number | undefined {
  const number = typeof time === 'number' ? time : /^\d+(\.\d+)?$/.test(String(time)) ? Number(time) : NaN;
  if (Number.isFinite(number)) return number > 1e11 ? number / 1000 : number;
  const parsed = typeof time === 'string' ? Date.parse(time) : NaN;
  return Number.isFinite(parsed) ? parsed / 1000 : undefined;
}

/** `npm run data -- fit`. Throws a ToolError that names the line that is wrong. */
export async function fit(args: string[]): Promise<number> {
  let parsed: { values: { format: string; columns?: string; out: string }; positionals: string[] };
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        format: { type: 'string', default: 'openai' },
        columns: { type: 'string' },
        out: { type: 'string', default: 'profile.json' },
      },
    }) as typeof parsed;
  } catch (error) {
    throw new ToolError(`${(error as Error).message}; see npm run data -- fit --help`);
  }
  const { values, positionals } = parsed;
  const [log, ...more] = positionals;
  if (log === undefined || more.length > 0) throw new ToolError('fit wants one log; see npm run data -- fit --help');
  const format = formats[values.format];
  if (format === undefined)
    throw new ToolError(`--format is "${values.format}"; allowed are ${Object.keys(formats).join(', ')}`);
  const made = new Fit({ ...format, columns: { ...format.columns, ...columnsOf(values.columns) } });
  let number = 0;
  const input = createReadStream(log);
  const failed = new Promise<never>((_, reject) => {
    input.on('error', () => reject(new ToolError(`${log} cannot be read`)));
  });
  const read = async () => {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      if (line.trim() === '') continue;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        throw new ToolError(`${log} is wrong: line ${number} is not JSON; one object on each line is wanted`);
      }
      made.add(value);
    }
  };
  await Promise.race([read(), failed]);
  const profile = made.profile();
  if (profile.requests === 0)
    throw new ToolError(
      `none of the ${number} lines of ${log} has the lengths of a prompt and an answer (looked for: ${format.columns.prompt_tokens.join(', ')}; ${format.columns.output_tokens.join(', ')}). --format and --columns say where they are`,
    );
  writeFileSync(values.out, `${JSON.stringify(profile, null, 1)}\n`);
  const out = profile.left_out > 0 ? `; ${profile.left_out} lines had no lengths and are left out` : '';
  process.stdout.write(`${values.out}: ${profile.requests} requests in ${profile.cells.length} sizes${out}.\n`);
  return 0;
}

function columnsOf(given: string | undefined): Partial<Columns> {
  if (given === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null)
    throw new ToolError('--columns is wrong: a JSON object like {"prompt_tokens":"in"} is wanted');
  const columns: Partial<Columns> = {};
  for (const [name, path] of Object.entries(value)) {
    const known = names.find((each) => each === name);
    if (known === undefined || typeof path !== 'string')
      throw new ToolError(`--columns is wrong: ${name} is none of ${names.join(', ')}, or its value is no text`);
    columns[known] = [path];
  }
  return columns;
}
