import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/*
 * Answers as they were met in the field, byte for byte. The format of the files: the head's lines end in CRLF when sent,
 * the body's as they stand; `#sleep N` on a line of its own is a pause of N ms and not sent; `<NONL>` at a line's end
 * leaves its line end out. `NAME.models.txt` is what `/models` answers.
 */
const folder = 'xk6-sse/testdata/field-cases';

type Step = string | number;

/** The pieces to send, and the pauses between them, ms. */
export function stepsOf(text: string): Step[] {
  const end = text.indexOf('\n\n');
  const steps: Step[] = [text.slice(0, end).replaceAll('\n', '\r\n') + '\r\n\r\n'];
  for (const line of text.slice(end + 2).split(/(?<=\n)/)) {
    const sleep = /^#sleep (\d+)/.exec(line);
    if (sleep) steps.push(Number(sleep[1]));
    else steps.push(line.replace('<NONL>\n', ''));
  }
  return steps;
}

/** The names of the cases. */
export const fieldCases = (): string[] =>
  readdirSync(folder)
    .filter((file) => !file.includes('.models.'))
    .map((file) => file.replace('.txt', ''))
    .sort();

/** A server that answers `/NAME/v1/chat/completions` as the case does. `base` gives its base URL. */
export async function fieldServer(): Promise<{ base: (name: string) => string; close: () => void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let asked = '';
    socket.on('data', (data) => {
      asked += data.toString('latin1');
      const end = asked.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(asked)?.[1] ?? 0);
      if (end < 0 || asked.length < end + 4 + length) return;
      const [, name, route] = /^\w+ \/([\w-]+)\/v1\/(\S+)/.exec(asked) ?? [];
      asked = '';
      void answer(socket, name ?? '', route === 'models' ? '.models' : '');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    base: (name) => `http://127.0.0.1:${port}/${name}/v1`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function answer(socket: Socket, name: string, which: string): Promise<void> {
  let text = 'HTTP/1.1 404 Not Found\nContent-Length: 0\nConnection: close\n\n';
  try {
    text = readFileSync(`${folder}/${name}${which}.txt`, 'utf8');
  } catch {
    // No such file: there is no such list.
  }
  for (const step of stepsOf(text)) {
    if (typeof step === 'number') await pause(step);
    else socket.write(step);
  }
  socket.end();
}
