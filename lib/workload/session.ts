import type { Random } from '../statistics';
import { joined, type ChatCall, type Content, type Message, type ToolCall } from './mix';

/*
 * A conversation in which the target's real answer is a part of the next request: the prompt grows with each turn, and
 * its beginning stays what it was. Nothing here knows of k6.
 */

/** What a session is made of. */
export interface SessionPlan {
  id: string;
  /** The text before everything, which sessions share; undefined: none. */
  system?: string;
  /** What the user says, one turn after the other; they are gone through again where there are too few. */
  questions: readonly Content[];
  turns: number;
  /** Its beginning changes with each turn. */
  cold: boolean;
  /** Share of the questions that ask for a tool; 0: none is offered. */
  toolShare: number;
  /** Shown with the first question, a data URI. */
  image?: string;
  /** The simulated provider is behind the gateway: the prompts tell it what to do. */
  simulated: boolean;
  marks: boolean;
}

/** The tool that is offered. */
export const tool = {
  name: 'look_up',
  description: 'Looks something up in the records of the office and returns what is written there.',
  parameters: {
    type: 'object',
    properties: { query: { type: 'string', description: 'What to look for.' } },
    required: ['query'],
  },
} as const;

/** What the tool finds. A real one is asked for a fact, and gets a text of some lines. */
const result = JSON.stringify({
  found: true,
  record: {
    office: 'Permit desk',
    hours: 'Monday to Friday, 8:30 to 16:00; closed on public holidays',
    documents: ['a photo identification', 'a proof of residence that is not older than 90 days', 'the form R-12'],
    fee: 'none for a first application, 25 dollars for a copy',
  },
});

const toolHint = 'Use the tool look_up for this before you answer.';

/** Turns have names of their own up to here: each is a series of its own in every output. */
const mostNamed = 10;

/** One conversation. */
export class Session {
  #turn = 0;
  #past: Message[] = [];
  #asked: Message | undefined;
  #call: ToolCall | undefined;
  #over = false;

  constructor(
    readonly plan: SessionPlan,
    private readonly random: Random,
  ) {}

  get over(): boolean {
    return this.#over;
  }

  /** A tool was called: what is sent next is its result. */
  get callsTool(): boolean {
    return this.#call !== undefined;
  }

  /** The request of the next turn. `id` is the request's own, and stands in the prompt where a simulated provider is. */
  next(id: string): ChatCall {
    const { plan } = this;
    this.#turn += 1;
    const directive = (more = '') => (plan.simulated ? ` [[sim id=${id}${more}]]` : '');
    this.#asked = this.#call
      ? { role: 'tool', content: result + directive(), toolCallId: this.#call.id }
      : this.#question(directive);
    const { system } = plan;
    const beginning = plan.cold ? `[${id}] ` : '';
    const messages: Message[] = system === undefined ? [] : [{ role: 'system', content: beginning + system }];
    messages.push(...this.#past, this.#asked);
    return {
      kind: 'chat',
      size: this.#turn < mostNamed ? `turn-${this.#turn}` : `turn-${mostNamed}+`,
      messages,
      marks: plan.marks,
      tool: plan.toolShare > 0 ? tool : undefined,
      session: { id: plan.id, turn: this.#turn, cold: plan.cold },
    };
  }

  #question(directive: (more?: string) => string): Message {
    const { questions, toolShare, image } = this.plan;
    const wantsTool = toolShare > 0 && this.random.next() < toolShare;
    let content = questions[(this.#turn - 1) % questions.length]!;
    if (wantsTool) content = joined(content, ` ${toolHint}`, 'behind');
    const told = directive(wantsTool ? ' tool=look_up' : '');
    if (told) content = joined(content, told, 'behind');
    if (this.#turn === 1 && image !== undefined) {
      const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
      content = [...parts, { type: 'image_url', image_url: { url: image } }];
    }
    return { role: 'user', content };
  }

  /** The answer as it came. One without text and without a tool's call ends the session, and so does a failure. */
  answered(ok: boolean, text: string, call: ToolCall | undefined): void {
    const asked = this.#asked;
    this.#call = ok ? call : undefined;
    if (!ok || !asked || (text === '' && !call)) {
      this.#over = true;
      return;
    }
    this.#past.push(asked, { role: 'assistant', content: text, toolCall: call });
    // A tool's result belongs to its call: the session does not end between the two.
    if (this.#turn >= this.plan.turns && !call) this.#over = true;
    if (this.#turn >= 2 * this.plan.turns) this.#over = true;
  }
}

/** A picture of one colour, 64 by 64 dots: for models that see it is something, and for the others 150 bytes. */
export const picture =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsEtiTiMaywi+hcEKLNXzWgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELgt9cOE8/JmApAAAAABJRU5ErkJggg==';
