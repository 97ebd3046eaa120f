import { ParameterError, text, textOrFile, wrong, type Env } from './reading';
import type { ParameterRow } from './row';

/*
 * By which way the gateway is reached: straight, through a proxy, or over a unix socket.
 */

export interface NetworkParameters {
  /** The proxy of all requests, with its login: never recorded. "none": no proxy; undefined: as the environment says. */
  proxy?: string;
  /** Path of the unix socket on which the gateway listens. */
  unixSocket?: string;
}

export const networkRows: ParameterRow[] = [
  {
    name: 'PROXY',
    default: 'HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment',
    allowed: 'http://, https:// or socks5:// address, or @file, or none',
    meaning:
      'the proxy through which all requests of the run go, those to this machine too, whatever the environment says. It may hold a login (http://name:password@proxy:3128), which is never recorded; none: no proxy',
  },
  {
    name: 'UNIX_SOCKET',
    default: 'none',
    allowed: 'path of a socket',
    meaning: 'the gateway listens on this unix socket; BASE_URL then gives the name and the path of its requests',
  },
];

/** The variables of the environment that name proxies. */
const ofEnvironment = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY'];

/** k6 reads the proxies of the environment from there alone; -e would be without effect. Throws {@link ParameterError}. */
export function refuseGivenProxies(env: Env, fromSystem: (name: string, value: string) => boolean): void {
  for (const [name, value = ''] of Object.entries(env))
    if (ofEnvironment.includes(name.toUpperCase()) && !fromSystem(name, value))
      throw new ParameterError(
        `${name} is given by -e, and is read from the environment that k6 is started in, as k6 itself does. Set it there, or give -e PROXY=… for this run`,
      );
}

/** Reads and checks them. Throws {@link ParameterError}; its message repeats no login. */
export function networkParameters(env: Env, readFile: (path: string) => string): NetworkParameters {
  const proxy = textOrFile(env, 'PROXY', readFile)?.trim();
  const unixSocket = text(env, 'UNIX_SOCKET');
  if (proxy !== undefined && proxy !== 'none') {
    const address = /^(https?|socks5h?):\/\/([^\s/?#@]*@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:(\d{1,5}))?\/?$/i.exec(proxy);
    const port = Number(address?.[5] ?? 1);
    if (!address || port < 1 || port > 65535)
      throw wrong(
        'PROXY',
        proxy.replace(/\/\/.*@/, '//…@'),
        'an address like http://proxy:3128, https://proxy:3129 or socks5://proxy:1080 is wanted, with a login as http://name:password@proxy:3128 where the proxy wants one (characters other than letters and digits in it as %40), or none',
      );
    if (unixSocket !== undefined)
      throw new ParameterError('PROXY and UNIX_SOCKET are both given: no proxy leads to a socket of this machine');
  }
  // 107 bytes are what Linux takes (unix(7)).
  if (unixSocket !== undefined && unixSocket.length > 107)
    throw wrong(
      'UNIX_SOCKET',
      unixSocket,
      'a path of at most 107 characters is wanted, which is all that a socket can have',
    );
  return { proxy, unixSocket };
}
