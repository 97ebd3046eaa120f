import type { ParameterRow } from './row';
import { ParameterError, text, wrong, word, type Env } from './reading';

/*
 * TLS to the gateway: whom to trust, and with which certificate to say who we are.
 */

export interface TlsParameters {
  /** The gateway's certificate is not checked (k6's own --insecure-skip-tls-verify does the same). */
  insecure: boolean;
  /** File with the certificates, in PEM, that are trusted beside those of the system. */
  caFile?: string;
  /** Files of the client's certificate and its key, in PEM. */
  certFile?: string;
  keyFile?: string;
  /** What the files hold, and the key's password: never recorded. */
  pem: { ca?: string; cert?: string; key?: string; password?: string };
}

export const tlsRows: ParameterRow[] = [
  {
    name: 'INSECURE',
    default: 'false',
    allowed: 'true, false',
    meaning: "the gateway's TLS certificate is not checked, as with k6's --insecure-skip-tls-verify",
  },
  {
    name: 'CA_FILE',
    default: 'none',
    allowed: 'path of a PEM file',
    meaning: 'certificates of authorities that are trusted beside those of the system',
  },
  {
    name: 'CERT_FILE',
    default: 'none',
    allowed: 'path of a PEM file',
    meaning: "the client's certificate, for a gateway that asks for one; KEY_FILE belongs to it",
  },
  { name: 'KEY_FILE', default: 'none', allowed: 'path of a PEM file', meaning: 'the key of CERT_FILE' },
  {
    name: 'KEY_PASSWORD',
    default: 'none',
    allowed: 'text',
    meaning: 'the password of KEY_FILE, if it has one; it is never recorded',
  },
];

/** Reads the parameters and the files. Throws {@link ParameterError}. */
export function tlsParameters(env: Env, readFile: (path: string) => string): TlsParameters {
  const file = (name: string, what: RegExp, wanted: string): string | undefined => {
    const path = text(env, name);
    if (path === undefined) return undefined;
    let content: string;
    try {
      content = readFile(path);
    } catch {
      throw wrong(name, path, 'no such file can be read');
    }
    if (!what.test(content)) throw wrong(name, path, `it holds no ${wanted} in PEM`);
    return content;
  };
  const certificate = /-----BEGIN CERTIFICATE-----/;
  if ((env.CERT_FILE === undefined) !== (env.KEY_FILE === undefined))
    throw new ParameterError('CERT_FILE and KEY_FILE belong together: give both, or neither');
  if (env.KEY_PASSWORD !== undefined && env.KEY_FILE === undefined)
    throw new ParameterError('KEY_PASSWORD is given without KEY_FILE');
  const insecure = word(env, 'INSECURE', ['true', 'false']) === 'true';
  if (insecure && env.CA_FILE !== undefined)
    throw new ParameterError('INSECURE=true and CA_FILE are both given: a certificate that is not checked needs no CA');
  return {
    insecure,
    caFile: text(env, 'CA_FILE'),
    certFile: text(env, 'CERT_FILE'),
    keyFile: text(env, 'KEY_FILE'),
    pem: {
      ca: file('CA_FILE', certificate, 'certificate'),
      cert: file('CERT_FILE', certificate, 'certificate'),
      key: file('KEY_FILE', /-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'private key'),
      password: env.KEY_PASSWORD,
    },
  };
}
