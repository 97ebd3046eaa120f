import { once } from 'node:events';
import { createServer as createHttp, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { cert, key } from '../../lib/openai/certificate.fixture';

/*
 * Proxies that count: HTTP (CONNECT, and requests that name the whole address) and SOCKS5. They know their own names, so
 * that only who asks them reaches the target.
 */

export interface CountingProxy {
  /** host:port. */
  at: string;
  /** What it was asked to connect to, or to forward: one for each connection or request. */
  asked: string[];
  /** Logins that came. */
  logins: string[];
  close(): void;
}

export interface ProxySettings {
  /** Names that only the proxy knows, with the ports that they stand for: "gateway.test" to 40123. */
  names?: Record<string, number>;
  /** name:password that is wanted. */
  login?: string;
  /** Answers in place of connecting or forwarding: a status, or 'close' in the middle of the conversation. */
  refuses?: (target: string, asked: number) => number | 'close' | undefined;
  /** Speaks TLS itself (https:// proxy). */
  tls?: boolean;
}

/** host and port of what is asked for, as the proxy knows it. */
function placeOf(target: string, names: Record<string, number> = {}): { host: string; port: number } {
  const [, host = '', port = '80'] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(target) ?? [];
  return names[host] === undefined ? { host, port: Number(port) } : { host: '127.0.0.1', port: names[host] };
}

async function listening(server: Server, sockets: Set<Socket>): Promise<string> {
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function joined(near: Socket, far: Socket): void {
  near.pipe(far).pipe(near);
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const)
    one.on('error', () => other.destroy()).on('close', () => other.destroy());
}

export async function httpProxy(settings: ProxySettings = {}): Promise<CountingProxy> {
  const { names, login, refuses } = settings;
  const sockets = new Set<Socket>();
  const proxy: CountingProxy = { at: '', asked: [], logins: [], close: () => undefined };
  /** The status of a refusal, if it is one. */
  const refusal = (target: string, request: IncomingMessage): number | 'close' | undefined => {
    proxy.asked.push(target);
    const sent = request.headers['proxy-authorization'];
    if (sent) proxy.logins.push(Buffer.from(sent.replace(/^Basic /, ''), 'base64').toString());
    if (login !== undefined && proxy.logins[proxy.logins.length - 1] !== login) return 407;
    return refuses?.(target, proxy.asked.length);
  };
  const forward = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url!);
    const refused = refusal(url.host, request);
    if (refused === 'close') return void request.socket.destroy();
    if (refused)
      return void response
        .writeHead(refused, { 'proxy-authenticate': 'Basic realm="here"', 'proxy-status': 'here; error=x' })
        .end();
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = ask({
      ...placeOf(url.host, names),
      method: request.method,
      path: url.pathname + url.search,
      headers,
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode!, answer.headers).flushHeaders();
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  };
  const inner = createHttp(forward);
  inner.on('connect', (request: IncomingMessage, near: Socket) => {
    const refused = refusal(request.url!, request);
    if (refused === 'close') return void near.end('HTTP/1.1 2');
    if (refused)
      return void near.end(
        `HTTP/1.1 ${refused} No\r\nProxy-Authenticate: Basic realm="here"\r\nContent-Length: 0\r\n\r\n`,
      );
    const far = connect(placeOf(request.url!, names));
    far.once('connect', () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      joined(near, far);
    });
    far.once('error', () => near.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  });
  const outer: Server = settings.tls ? createTls({ cert, key }, (socket) => inner.emit('connection', socket)) : inner;
  proxy.at = await listening(outer, sockets);
  proxy.close = () => {
    outer.close();
    for (const socket of sockets) socket.destroy();
  };
  return proxy;
}

/** SOCKS5 (RFC 1928), with a login (RFC 1929) where one is wanted. `refuses` gives the code of the reply. */
export async function socksProxy({ names, login, refuses }: ProxySettings = {}): Promise<CountingProxy> {
  const sockets = new Set<Socket>();
  const proxy: CountingProxy = { at: '', asked: [], logins: [], close: () => undefined };
  const serve = async (near: Socket): Promise<void> => {
    const bytes = reader(near);
    const [, methods] = await bytes(2);
    const offered = await bytes(methods!);
    const wanted = login === undefined ? 0 : 2;
    if (!offered.includes(wanted)) return void near.end(Buffer.from([5, 255]));
    near.write(Buffer.from([5, wanted]));
    if (login !== undefined) {
      const text = async () => (await bytes((await bytes(1))[0]!)).toString();
      await bytes(1);
      const told = `${await text()}:${await text()}`;
      proxy.logins.push(told);
      near.write(Buffer.from([1, told === login ? 0 : 1]));
      if (told !== login) return void near.end();
    }
    const [, , , kind] = await bytes(4);
    const host =
      kind === 1 ? [...(await bytes(4))].join('.') : (await bytes(kind === 4 ? 16 : (await bytes(1))[0]!)).toString();
    const port = (await bytes(2)).readUInt16BE();
    proxy.asked.push(`${host}:${port}`);
    const refused = refuses?.(host, proxy.asked.length);
    const reply = (code: number) => Buffer.from([5, code, 0, 1, 127, 0, 0, 1, 0, 0]);
    if (refused === 'close') return void near.destroy();
    if (refused) return void near.end(reply(refused));
    near.removeAllListeners('readable');
    const far = connect(placeOf(`${host}:${port}`, names));
    far.once('connect', () => {
      near.write(reply(0));
      joined(near, far);
    });
    far.once('error', () => near.end(reply(5)));
  };
  const server = createServer((near) => void serve(near).catch(() => near.destroy()));
  proxy.at = await listening(server, sockets);
  proxy.close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return proxy;
}

/** Reads so many bytes. */
function reader(socket: Socket): (count: number) => Promise<Buffer> {
  return async (count) => {
    for (;;) {
      const got = socket.read(count) as Buffer | null;
      if (got) return got;
      if (socket.destroyed || socket.readableEnded) throw new Error('it has been closed');
      await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
    }
  };
}
