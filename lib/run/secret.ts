import secrets from 'k6/secrets';

/**
 * API_KEY of k6's `--secret-source`, undefined when there is no source or no such secret. Asked for in the init
 * context, so that a missing key stops the run before its first request.
 */
export const secretKey: string | undefined = await secrets.get('API_KEY').catch(() => undefined);
