export type Fields = Record<string, unknown>;

/** An object, and neither a list nor null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * JSON merge patch (RFC 7396): objects are merged, everything else replaces, null removes. One addition: under a key
 * `*` stands what every existing entry beside it gets (`{"provider":{"models":{"*":{"ttft_ms":900}}}}`).
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const merged: Record<string, unknown> = isFields(target) ? { ...target } : {};
  const { '*': every, ...named } = patch;
  if (every !== undefined) for (const key of Object.keys(merged)) merged[key] = mergePatch(merged[key], every);
  for (const [key, value] of Object.entries(named)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
