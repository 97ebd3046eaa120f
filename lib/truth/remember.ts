import { note, notes } from 'k6/x/sse';

/** Remembers what was done during the run, across VUs: the notes of requests stand beside it. */
export function remember(event: string, value: string): void {
  note(JSON.stringify({ event, value }));
}

/** What was remembered last under that name. */
export function remembered(event: string): string | undefined {
  const head = `{"event":${JSON.stringify(event)},`;
  const text = notes()
    .kept.filter((each) => each.startsWith(head))
    .pop();
  return text === undefined ? undefined : (JSON.parse(text) as { value: string }).value;
}
