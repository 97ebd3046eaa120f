/** The phase in which one agency sends most requests, and the share that it sends. */
export const heavy = { phase: 'heavy', share: 0.8 } as const;
/** The phase whose mix is turned round. */
export const turned = 'turned';
/** The phases of a usual day: all agencies alike. */
export const usual = ['normal', 'off', 'business', 'month-end', 'burst-3x', 'burst-5x', 'burst-10x'] as const;
