import type { OutgoingHttpHeaders } from 'node:http';
import { breakOff, chunked, streamOf } from '../http/connection';
import { ByteByByte } from '../http/byte-by-byte';
import type { Fault } from './faults';
import { nowNs } from '../time/clock';
import { send, sendJson, type Exchange } from '../http/exchange';
import type { Pacer } from '../time/pace';
import { settle } from '../truth/truth';

/** How one API words the failures 429, 500 and 503. */
export type ErrorForm = (status: 429 | 500 | 503) => { body: unknown; headers?: OutgoingHttpHeaders };

const HTML =
  '<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to the proxy</h1></body></html>\n';

/**
 * Plays the faults that take the place of an answer, or come before it. Resolves to true when the request has been
 * dealt with (also by silence), false when the handler is to go on as usual.
 */
export async function playEarlyFault(
  exchange: Exchange,
  fault: Fault | null,
  form: ErrorForm,
  pacer: Pacer,
  streamType = 'text/event-stream; charset=utf-8',
): Promise<boolean> {
  if (fault === null) return false;
  exchange.record.fault = fault.name;
  exchange.record.outcome = 'fault';
  switch (fault.name) {
    case 'refuse':
      settle(exchange.record, nowNs());
      breakOff(exchange.response, 'refuse');
      return true;
    case '429':
    case '500':
    case '503': {
      const status = Number(fault.name) as 429 | 500 | 503;
      const { body, headers } = form(status);
      sendJson(exchange, status, body, headers);
      return true;
    }
    case 'html':
      send(exchange, 200, 'text/html; charset=utf-8', HTML);
      return true;
    case 'empty':
      exchange.encoding?.succeed();
      sendEmpty(exchange, streamType);
      return true;
    case 'hang_before':
      return true;
    case 'slow_first_byte':
      await pacer.sleep(fault.delay_ms);
      return false;
    default:
      return false;
  }
}

/** 200, a stream, zero bytes, an orderly end. */
function sendEmpty({ response, record }: Exchange, type: string): void {
  response.writeHead(200, { 'content-type': type, ...chunked(response) });
  const now = nowNs();
  record.status = 200;
  record.first_byte_ns = now;
  settle(record, now);
  response.end();
}

/** A plain answer under the faults that only a body can show. `body` is the whole JSON. */
export function sendPlainWithFault(exchange: Exchange, fault: Fault | null, body: string): void {
  const { response, record } = exchange;
  const { type = 'application/json' } = exchange.encoding ?? {};
  const data = exchange.encoding?.encode(body) ?? body;
  const half = data.slice(0, data.length >> 1);
  const length = exchange.encoding === undefined ? { 'content-length': Buffer.byteLength(body) } : {};
  switch (fault?.name) {
    case 'cut':
    case 'reset':
    case 'hang_mid': {
      response.writeHead(200, { 'content-type': type, ...length });
      record.status = 200;
      record.first_byte_ns = nowNs();
      response.write(half);
      if (fault.name === 'hang_mid') return;
      settle(record, nowNs());
      // In the next turn: Node corks the first write of an answer until the end of this one.
      setImmediate(() => breakOff(response, fault.name === 'reset' ? 'reset' : 'cut'));
      return;
    }
    case 'byte_at_a_time': {
      const stream = streamOf(response);
      // Node does not know of a body written to the socket: the connection ends with it.
      response.writeHead(200, {
        'content-type': type,
        ...length,
        ...(stream === undefined ? { connection: 'close' } : {}),
      });
      record.status = 200;
      record.first_byte_ns = nowNs();
      response.flushHeaders();
      const under = stream ?? response.socket;
      if (under === null) return;
      const byteByByte = new ByteByByte(under);
      byteByByte.push(data);
      byteByByte.whenSent(() => {
        settle(record, nowNs());
        under.end();
      });
      return;
    }
    default:
      sendJson(exchange, 200, body);
  }
}
