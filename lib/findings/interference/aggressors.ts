/** Kinds of request whose effect on the others is looked for. */
export const aggressors = ['stream', 'plain', 'embedding', 'batch', 'list', 'refused', 'large'] as const;
export type Aggressor = (typeof aggressors)[number];
/** Phases without an aggressor. */
export const quiet = 'nothing';

/** Who a phase is about. */
export const aggressorOf = (phase: string): string => phase.slice(0, phase.lastIndexOf('-'));
