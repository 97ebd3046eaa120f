/** The tag `size` of a stream whose client leaves. */
export const hangUp = 'hang-up';
