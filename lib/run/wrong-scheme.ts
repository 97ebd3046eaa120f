import type { StreamRecord } from 'k6/x/sse';

type Answer = Pick<StreamRecord, 'status' | 'outcome' | 'error' | 'body'>;

/** What servers that speak TLS say to who does not (nginx, Go, Apache, Jetty). */
const saysTls = /plain HTTP request was sent to HTTPS|HTTP request to an HTTPS server|speaking plain HTTP to an SSL/i;

/**
 * That BASE_URL says http:// of a port that speaks TLS, or https:// of one that does not, in a sentence; "" when neither
 * is so. Where the first answer leaves it open, `ask` asks the same address the other way, without the key.
 */
export function wrongScheme(answer: Answer, baseUrl: string, ask: (url: string) => Answer): string {
  const secure = baseUrl.startsWith('https:');
  const other = secure ? baseUrl.replace(/^https:/, 'http:') : baseUrl.replace(/^http:/, 'https:');
  const sentence = secure
    ? `the target ${baseUrl} does not speak TLS on this port, and BASE_URL says https://: give BASE_URL=${other}`
    : `the target ${baseUrl} speaks TLS on this port, and BASE_URL says http://: give BASE_URL=${other}`;
  if (secure) {
    if (answer.outcome !== 'connect' || !answer.error.includes('TLS:') || aboutCertificate(answer)) return '';
    if (answer.error.includes('first record does not look like a TLS handshake')) return sentence;
    return ask(other).status > 0 ? sentence : '';
  }
  if (answer.status >= 400 && answer.status < 500) return saysTls.test(answer.body) ? sentence : '';
  if (answer.status > 0 || (answer.outcome !== 'reset' && answer.outcome !== 'malformed')) return '';
  const asked = ask(other);
  return asked.status > 0 || aboutCertificate(asked) ? sentence : '';
}

/** A certificate that is refused shows that TLS is spoken. */
const aboutCertificate = ({ outcome, error }: Answer) => outcome === 'connect' && /certificate|x509/.test(error);
