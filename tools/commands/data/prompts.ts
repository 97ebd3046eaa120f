import { categories, type Category } from './categories';
import { documentOf } from './documents';
import { randomOf } from './random';
import { sentences } from './sentences';
import { tokensOf } from './tokens';
import { domainNames, voiceOf } from './vocabulary';

export type Size = 'small' | 'medium' | 'large';

export interface Prompt {
  id: string;
  category: string;
  size: Size;
  /** o200k_base tokens of `text`. */
  tokens: number;
  text: string;
}

/** small: under 200 tokens, medium: under 1,000, large: from 1,000 on. */
export function sizeOf(tokens: number): Size {
  if (tokens < 200) return 'small';
  return tokens < 1000 ? 'medium' : 'large';
}

// Lengths of the prompts with a quoted document. 500, 1,000 and 2,000 are the plan's own prompt sizes.
const LENGTHS = [120, 500, 1400, 170, 300, 2000, 800, 500, 2600, 140, 240, 400, 1020, 650, 3000];

/** The first ten of a category are hand-written, the others ask about a quoted document. */
export function promptsOf(seed: string, perCategory: number): Prompt[] {
  const seen = new Set<string>();
  return categories.flatMap((category) =>
    Array.from({ length: perCategory }, (_, i) => {
      const id = `${category.name}-${String(i + 1).padStart(3, '0')}`;
      return unique(seen, (attempt) => promptOf(`${seed}/${id}/${attempt}`, id, category, i));
    }),
  );
}

function promptOf(seed: string, id: string, category: Category, i: number): Prompt {
  const random = randomOf(`${seed}/plan`);
  const voice = voiceOf(seed, random.pick(domainNames), sentences);
  const short = category.short[i];
  const text = short !== undefined ? voice.say(short) : quoting(category, i - category.short.length);
  const tokens = tokensOf(text);
  return { id, category: category.name, size: sizeOf(tokens), tokens, text };

  function quoting({ asks }: Category, n: number): string {
    const task = asks[n % asks.length] as Category['asks'][number];
    const ask = voice.say(task.ask);
    const [open, close] = random.pick([
      ['', ''],
      ['"""\n', '\n"""'],
      ['<document>\n', '\n</document>'],
      ['--- begin ---\n', '\n--- end ---'],
    ] as const);
    const askFirst = ask.endsWith(':') || random.next() < 0.7;
    const target = LENGTHS[n % LENGTHS.length] as number;
    const quoted = `${open}${documentOf(task.of, voice, Math.max(40, target - tokensOf(`${ask}\n\n${open}${close}`)))}${close}`;
    return askFirst ? `${ask}\n\n${quoted}` : `${quoted}\n\n${ask}`;
  }
}

/** Makes again, with another attempt number, until the text is a new one. */
function unique(seen: Set<string>, make: (attempt: number) => Prompt): Prompt {
  for (let attempt = 0; ; attempt++) {
    const made = make(attempt);
    if (seen.has(made.text)) continue;
    seen.add(made.text);
    return made;
  }
}
