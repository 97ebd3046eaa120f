import type { ToolCall } from '../../workload';

/*
 * The tool that a stream calls, put together from what its events say (`toolCalls` of a record: a JSON list for each
 * event, of what stands at the wire's paths). Only the first call of an answer counts.
 */

type Chunk = { index?: number; id?: string; function?: { name?: string; arguments?: string } };

/** OpenAI's chat wire: a list of pieces, each with its call's place. */
export function chatToolCall(events: readonly string[]): ToolCall | undefined {
  const call: ToolCall = { id: '', name: '', arguments: '' };
  for (const piece of pieces(events).flat(2) as Chunk[]) {
    if ((piece?.index ?? 0) !== 0) continue;
    call.id ||= piece.id ?? '';
    call.name ||= piece.function?.name ?? '';
    call.arguments += piece.function?.arguments ?? '';
  }
  return whole(call);
}

/** Wires whose first event of a call names it and its id (in this order), and whose others bring pieces of its arguments. */
export function namedToolCall(events: readonly string[]): ToolCall | undefined {
  const call: ToolCall = { id: '', name: '', arguments: '' };
  for (const found of pieces(events)) {
    const [first, second] = found as string[];
    if (second !== undefined) {
      if (call.name !== '') break; // another call begins
      Object.assign(call, { name: first, id: second });
    } else call.arguments += first ?? '';
  }
  return whole(call);
}

function pieces(events: readonly string[]): unknown[][] {
  return events.flatMap((event) => {
    try {
      return [JSON.parse(event) as unknown[]];
    } catch {
      return [];
    }
  });
}

/** A call whose arguments are no JSON object (cut off, or too long to be kept) is none. */
function whole(call: ToolCall): ToolCall | undefined {
  if (call.id === '' || call.name === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(call.arguments === '' ? '{}' : call.arguments);
    return typeof parsed === 'object' && parsed !== null
      ? { ...call, arguments: call.arguments === '' ? '{}' : call.arguments }
      : undefined;
  } catch {
    return undefined;
  }
}
