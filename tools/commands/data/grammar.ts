import type { Random } from './random';

// template = text with slots in braces, innermost slots first:
//   {5-90}       a whole number
//   {a|b|c}      one of these
//   {rule}       one phrase of the rule, without repeating before all its phrases were used
//   {^rule}      with a capital letter            {a rule}   with its article   {^a rule} both
//   {@rule}      the same phrase everywhere in this text; {@rule.x} is another fixed one
const SLOT = /\{(?:(\d+)-(\d+)|(\^?(?:a )?)(@)?([a-z][A-Za-z]*)(\.[a-z0-9]+)?|([^{}]*\|[^{}]*))\}/;

export type Rules = Readonly<Record<string, readonly string[]>>;
export type Makers = Readonly<Record<string, (random: Random) => string>>;

/** One speaker of one text: it remembers what it has fixed and what it has already said. */
export class Voice {
  private readonly decks = new Map<string, string[]>();
  private readonly fixed = new Map<string, string>();
  private readonly said = new Set<string>();

  /** `layers`: the first one that has a rule wins, so a domain stands before the general vocabulary. */
  constructor(
    readonly random: Random,
    private readonly layers: readonly Rules[],
    private readonly makers: Makers,
  ) {}

  /** The template with every slot filled. Throws on a rule that does not exist. */
  say(template: string): string {
    let text = template;
    for (let match = SLOT.exec(text); match !== null; match = SLOT.exec(text)) {
      text = text.slice(0, match.index) + this.fill(match) + text.slice(match.index + match[0].length);
    }
    return text;
  }

  /** One filled phrase of a rule. */
  draw(rule: string): string {
    const maker = this.makers[rule];
    if (maker !== undefined) return maker(this.random);
    return this.say(this.deal(rule));
  }

  /** As `draw`, and never a sentence that this voice has said before. */
  sentence(rule: string): string {
    for (let attempt = 0; attempt < 200; attempt++) {
      const text = capital(this.draw(rule));
      if (this.said.has(text)) continue;
      this.said.add(text);
      return text;
    }
    throw new Error(`the rule "${rule}" has too few sentences for a text of this length`);
  }

  sentences(rule: string, count: number): string[] {
    return Array.from({ length: count }, () => this.sentence(rule));
  }

  private deal(rule: string): string {
    let deck = this.decks.get(rule);
    if (deck === undefined || deck.length === 0) {
      const layer = this.layers.find((rules) => rules[rule] !== undefined);
      if (layer === undefined) throw new Error(`no rule named "${rule}"`);
      deck = this.random.shuffle(layer[rule] as readonly string[]);
      this.decks.set(rule, deck);
    }
    return deck.pop() as string;
  }

  private fill(match: RegExpExecArray): string {
    const [, min, max, form, at, rule, label, choices] = match;
    if (min !== undefined) return String(this.random.int(Number(min), Number(max)));
    if (choices !== undefined) return this.random.pick(choices.split('|'));
    const name = rule as string;
    const phrase = at === undefined ? this.draw(name) : this.fix(name, label ?? '');
    const whole = form?.endsWith('a ') ? `${article(phrase)} ${phrase}` : phrase;
    return form?.startsWith('^') ? capital(whole) : whole;
  }

  private fix(rule: string, label: string): string {
    const key = rule + label;
    const known = this.fixed.get(key);
    if (known !== undefined) return known;
    const phrase = this.draw(rule);
    this.fixed.set(key, phrase);
    return phrase;
  }
}

/** The text with a capital letter at its beginning. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function article(phrase: string): string {
  return /^(?!uni|use|util|one|eu)[aeiou]|^hour/i.test(phrase) ? 'an' : 'a';
}
