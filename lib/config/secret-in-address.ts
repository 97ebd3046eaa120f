/** Names in a query that hold a key: `sig` and `code` are Azure's, `key` is Google's. */
const keyNames =
  /^(.*[-_.])?(api[-_]?key|key|access[-_]?token|token|sig|signature|code|secret|password|passwd|pwd|auth|credential)$/i;

/**
 * What in an address, or in a list of them, is a secret, in words; "" where nothing is. Addresses are shown, written into
 * run.json and into the logs of every proxy, so none may hold one.
 */
export function secretInAddress(text: string): string {
  if (/:\/\/[^/\s?#,]*@/.test(text)) return 'a user name or password';
  for (const [, query] of text.matchAll(/\?([^\s#,]*)/g))
    for (const pair of query!.split('&')) {
      const name = pair.split('=')[0]!;
      if (keyNames.test(name) && pair.length > name.length + 1) return `a key in its query (${name})`;
    }
  return '';
}
