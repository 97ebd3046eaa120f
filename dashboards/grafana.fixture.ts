/*
 * What Grafana does with a query before it asks InfluxDB, for the tests.
 */

/** Escapes as Grafana's `:regex` format does; several values become alternatives. */
export function regex(values: readonly string[]): string {
  const escaped = values.map((value) => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&'));
  return escaped.length === 1 ? escaped[0]! : `(${escaped.join('|')})`;
}

/** A variable's text, formatted already: `regex(['a'])`, or a custom value of All, which Grafana leaves as it is. */
export type Values = Record<string, string>;

/** Replaces variables and macros; throws where one has no value. */
export function substitute(
  query: string,
  values: Values,
  { from, to, intervalMs }: { from: number; to: number; intervalMs: number },
): string {
  return query
    .replace(/\$\{(\w+):regex\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`no value for \${${name}}`);
      return value;
    })
    .replaceAll('$timeFilter', `time >= ${from}ms and time <= ${to}ms`)
    .replaceAll('$__interval_ms', String(intervalMs))
    .replaceAll('$__interval', `${intervalMs}ms`);
}
