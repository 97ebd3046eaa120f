import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/*
 * Who may give orders to a server of this machine. A web page that someone has open can send requests to any address,
 * with a body as text/plain without asking (a "simple" request), and after a change of its name's address (DNS rebinding)
 * it can read the answers too. So what orders come from is looked at: the name by which the server was called, the page
 * that calls, and the type of the body.
 */

/** The name of a Host header without its port, in small letters and without brackets. */
function nameOf(host: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(host.trim().toLowerCase()) ?? [];
  return bracketed ?? plain ?? '';
}

const isLoopback = (name: string) => name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);

/** All addresses of the machine. */
const isWildcard = (host: string) => host === '0.0.0.0' || host === '::' || host === '';

/** Names that nobody can own in public: without a dot, or in a domain that is kept for private use. */
const privateName = /^([a-z0-9_-]+|[a-z0-9_.-]+\.(internal|local|localhost|svc|test))$/;

/**
 * Whether a server that listens on `bound` was called by a name of its own. One that is open to other machines is called
 * by addresses, and by names without a dot (of a service beside it in Compose) or of a private domain: none of these can
 * be led here by the owner of a web page.
 */
export function isOwnName(host: string | undefined, bound: string): boolean {
  const name = nameOf(host ?? '');
  if (name === '') return false;
  if (isLoopback(name) || name === nameOf(isIP(bound) === 6 ? `[${bound}]` : bound)) return true;
  return isWildcard(bound) && (isIP(name) !== 0 || privateName.test(name));
}

/** Why a request comes from where orders are not taken from, as a sentence; "" where it does not. */
export function foreign(headers: IncomingHttpHeaders, bound: string): string {
  const { host, origin } = headers;
  if (!isOwnName(host, bound))
    return `this server is called ${JSON.stringify(host ?? '')}, which is no name of it: a web page may have pointed a name of its own at this address. Call it by its address, as http://127.0.0.1`;
  const site = headers['sec-fetch-site'];
  const page = origin?.replace(/^https?:\/\//, '').toLowerCase();
  if ((page !== undefined && page !== host!.toLowerCase()) || site === 'cross-site' || site === 'same-site')
    return `a page of another site (${JSON.stringify(origin ?? site)}) may change nothing here`;
  return '';
}

/** Whether the body says that it is JSON, which a page of another site cannot send without asking. */
export const isJson = (headers: IncomingHttpHeaders) =>
  /^application\/json\s*(;|$)/i.test((headers['content-type'] ?? '').trim());

/** The same as `foreign` for a head as it came: of a server that reads its requests itself. */
export function foreignHead(head: string, bound: string): string {
  const header = (name: string) => new RegExp(`\\r\\n${name}:[ \\t]*([^\\r\\n]*)`, 'i').exec(head)?.[1]?.trim();
  return foreign({ host: header('host'), origin: header('origin'), 'sec-fetch-site': header('sec-fetch-site') }, bound);
}
