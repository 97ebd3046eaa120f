import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { NO_REGION } from '../settings/deployments';
import { readBody, Refusal, sendJson, type Exchange } from '../http/exchange';
import { isFields } from '../settings/merge';

/*
 * Google's login for programs: a service account's private key signs a token, POST /token changes it for an access
 * token. The simulator takes any signature, so that the file below and one from elsewhere both log in.
 */

const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LIFETIME_S = 3599;

/**
 * A service account that belongs to nobody, in the form of Google's key files, with a key made for it. Libraries that
 * heed `token_uri` log in there.
 */
export function serviceAccount(tokenUri: string, project = 'simulator'): Record<string, string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    type: 'service_account',
    project_id: project,
    private_key_id: randomUUID().replaceAll('-', ''),
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    client_email: `simulator@${project}.iam.gserviceaccount.com`,
    client_id: '100000000000000000000',
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: tokenUri,
    universe_domain: 'googleapis.com',
  };
}

/** POST /token of OAuth 2: a signed token (RFC 7523) or a refresh token for an access token. */
export async function googleToken(exchange: Exchange): Promise<void> {
  const { request, record } = exchange;
  record.region = NO_REGION;
  if (request.method !== 'POST')
    throw new Refusal(405, { error: 'invalid_request', error_description: 'The token endpoint takes POST only.' });
  const form = new URLSearchParams(await readBody(request));
  const grant = form.get('grant_type');
  if (grant === JWT_GRANT) checkAssertion(form.get('assertion') ?? '');
  else if (grant !== 'refresh_token' || !form.get('refresh_token')) {
    throw new Refusal(400, {
      error: 'unsupported_grant_type',
      error_description: `grant_type is ${grant ?? 'absent'}, but must be ${JWT_GRANT}, or refresh_token with a refresh_token.`,
    });
  }
  sendJson(exchange, 200, {
    access_token: `ya29.simulator-${randomUUID()}`,
    expires_in: LIFETIME_S,
    token_type: 'Bearer',
  });
}

/** Refuses what is no signed token of a service account, or has expired. */
function checkAssertion(assertion: string): void {
  const refuse = (why: string): Refusal =>
    new Refusal(400, { error: 'invalid_grant', error_description: `Invalid JWT: ${why}` });
  const parts = assertion.split('.');
  const [header, claims] = parts.slice(0, 2).map((part): unknown => {
    try {
      return JSON.parse(Buffer.from(part, 'base64url').toString());
    } catch {
      return undefined;
    }
  });
  if (parts.length !== 3 || !isFields(header) || !isFields(claims))
    throw refuse('it must be three parts of base64url with dots between them.');
  if (header.alg !== 'RS256') throw refuse('alg must be RS256.');
  if (typeof claims.iss !== 'string' || typeof claims.exp !== 'number') throw refuse('iss and exp must be there.');
  if (claims.exp * 1000 < Date.now()) throw refuse('exp is past.');
}
