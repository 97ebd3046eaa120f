/** Kinds of request that have a ladder each. */
export const ladderKinds = ['stream', 'plain', 'embedding', 'list', 'refused'] as const;
export type LadderKind = (typeof ladderKinds)[number] | typeof oneKey;
/** The plain calls once more, all with one key, where there are several. */
export const oneKey = 'one-key' as const;

/** The lowest rung once more, when the highest is over. */
export const againOf = (kind: string) => `${kind}-again`;
