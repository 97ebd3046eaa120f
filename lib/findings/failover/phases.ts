import { ParameterError, type Parameters } from '../../config';
import { phases, type Load } from '../../load';

/** What can be made of a primary. `early`: before the first token, so that the client need not notice. */
export interface Fault {
  early: boolean;
  /** What an engineer does by hand where the provider is a real one. */
  byHand: string;
  /** The simulated provider's name of it, where that is another; and the share of the requests that meet it. */
  failure?: string;
  share?: number;
  /** Every deployment has it, so that nobody can be switched to. */
  everywhere?: true;
}

/** By the simulated provider's name of the fault (simulator/README.md), or a name of its own. */
export const faults: Readonly<Record<string, Fault>> = {
  refuse: { early: true, byHand: 'refuse connections' },
  503: { early: true, byHand: 'answer 503' },
  hang_before: { early: true, byHand: 'accept requests and answer nothing' },
  hang_mid: { early: false, byHand: 'stop in the middle of each stream, and leave its connection open' },
  cut: { early: false, byHand: 'cut each stream in the middle' },
  429: { early: true, byHand: 'answer 429' },
  500: { early: true, byHand: 'answer 500' },
  error_event: { early: false, byHand: 'send an error event in the middle of each stream' },
  slow: { early: true, byHand: 'answer three seconds late', failure: 'slow_first_byte' },
  half: { early: true, byHand: 'answer 503 to every second request', failure: '503', share: 0.5 },
  'all-429': { early: true, byHand: 'answer 429, and every other deployment too', failure: '429', everywhere: true },
};

/** Whether traffic is to leave the primary for another deployment because of it. */
export const isToLeave = ({ share = 1, everywhere }: Fault): boolean => share === 1 && !everywhere;

/** Those that are caused where the user names none, in their order: numbers would come first among an object's keys. */
const inOrder = ['refuse', '503', 'hang_before', 'hang_mid', 'cut', '429'];
/** Those that FAULTS may name too. */
const further = ['500', 'error_event', 'slow', 'half', 'all-429'];

/** The phase after a fault, in which the primary is well again. */
export function afterPhase(fault: string): string {
  return `after-${fault}`;
}

/**
 * 10 requests/s: a minute in order, then each fault for a minute, with half a minute of recovery after each. Throws a
 * {@link ParameterError}.
 */
export function faultLoad({ faults: wanted = inOrder }: Parameters): Load {
  const unknown = wanted.find((fault) => !Object.hasOwn(faults, fault));
  if (unknown !== undefined)
    throw new ParameterError(
      `FAULTS=${wanted.join(',')} is wrong: there is no fault "${unknown}"; there are ${[...inOrder, ...further].join(', ')}`,
    );
  if (new Set(wanted).size < wanted.length)
    throw new ParameterError(`FAULTS=${wanted.join(',')} is wrong: it names a fault twice`);
  const each = wanted.flatMap(
    (fault) =>
      [
        [fault, { rate: 10, for: '60s' }],
        [afterPhase(fault), { rate: 10, for: '30s' }],
      ] as const,
  );
  // Object.fromEntries would put 429 and 503 first, as keys that are whole numbers are.
  return [...phases({ before: { rate: 10, for: '60s' } }), ...each.flatMap(([name, plan]) => phases({ [name]: plan }))];
}
