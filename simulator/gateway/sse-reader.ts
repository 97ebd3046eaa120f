import { StringDecoder } from 'node:string_decoder';

/**
 * Cuts an event stream into the data of its events, however the bytes arrive. Enough for a provider's LF or CRLF
 * stream.
 */
export class SseReader {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #data: string | null = null;

  constructor(private readonly onData: (data: string) => void) {}

  push(bytes: Buffer): void {
    const text = this.#rest + this.#decoder.write(bytes);
    let from = 0;
    for (let end = text.indexOf('\n', from); end >= 0; end = text.indexOf('\n', from)) {
      this.#line(text.slice(from, text[end - 1] === '\r' ? end - 1 : end));
      from = end + 1;
    }
    this.#rest = text.slice(from);
  }

  #line(line: string): void {
    if (line === '') {
      const data = this.#data;
      this.#data = null;
      if (data !== null) this.onData(data);
    } else if (line.startsWith('data:')) {
      const value = line.slice(line[5] === ' ' ? 6 : 5);
      this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    }
  }
}
