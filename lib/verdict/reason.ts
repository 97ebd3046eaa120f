/** Why a run is not PASS. */
export interface Reason {
  /** `instrument` and `evidence` make a run INVALID, `target` makes it FAIL. */
  about: 'instrument' | 'evidence' | 'target';
  text: string;
}

/** A reason as one line: what it is about, and the sentence. */
export const reasonLine = ({ about, text }: Reason): string => `${about}: ${text}`;

/** The sentences of verdict.ts about a generator that did not get the CPU that it needed. */
const heldUp = /^instrument: (?:.*: )?the generator (?:was late|read late|used|could not keep up)\b/;

/**
 * The sentence that says that the measuring machine disturbed a run, of its reasons as {@link reasonLine} writes them;
 * undefined when none says so. Such a run says nothing about the target, and the same run on a quiet machine would: it
 * is worth another try. What else makes the measuring doubtful (a fault of a script, a full disk, a key that was
 * refused) would come again.
 */
export const disturbance = (reasons: readonly string[]): string | undefined =>
  reasons.find((reason) => heldUp.test(reason))?.replace(/^instrument: /, '');
