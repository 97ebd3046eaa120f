import type { Finding } from '../../measurements';
import { wilson } from '../../statistics';
import type { Attempt, RequestNote } from '../../truth';
import { afterPhase, faults } from './phases';

/** A request, and the calls to providers that it caused where they are known. */
type Asked = RequestNote & { calls?: readonly Attempt[] };

const isFailed = ({ outcome }: RequestNote) => outcome !== 'ok';
/** What a provider failed is no outage of the gateway's, whoever failed it: a fault of ours, or the provider by itself. */
const metFault = ({ calls = [] }: Asked) => calls.some(({ fault }) => fault !== null);

/** The outage that outlasts a fault: what fails although the primary is well again. */
export function failedAfter(requests: readonly Asked[]): Finding {
  const base = { id: 'failed-after-a-fault', unit: 'share' };
  const later = requests.filter(({ phase }) => Object.keys(faults).some((fault) => phase === afterPhase(fault)));
  if (later.length === 0) return { ...base, value: null, text: 'no request was sent after a fault' };
  const failed = later.filter((request) => isFailed(request) && !metFault(request));
  const n = later.length;
  const found = { ...base, n, value: failed.length / n, interval: wilson(failed.length, n) };
  if (failed.length === 0) {
    const others = later.filter(isFailed).length;
    return {
      ...found,
      text:
        others === 0
          ? `none of the ${n} requests after the faults failed`
          : `of the ${n} requests after the faults ${others} failed, and a provider failed each of them: no outage outlasts a fault`,
    };
  }
  const before = requests.filter(({ phase }) => phase === 'before');
  const usual = before.filter((request) => isFailed(request) && !metFault(request)).length;
  // As many fail where there has been no fault yet. Of few requests before it nearly any share may be as many by chance, so
  // what fails after it must not be surely more than failed of them.
  if (usual > 0 && wilson(usual, before.length)[1] >= found.value && found.interval[0] <= usual / before.length)
    return {
      ...found,
      value: 0,
      interval: undefined,
      text: `${failed.length} of ${n} requests failed after the faults, and ${usual} of ${before.length} before the first: no outage outlasts a fault`,
    };
  const during = requests.filter(({ phase }) => Object.hasOwn(faults, phase));
  if (during.some(({ calls }) => calls) && !during.some(metFault))
    return {
      ...found,
      text: `${failed.length} of ${n} requests failed after the faults, of which no request had met one: they fail for another reason`,
    };
  const after = [...new Set(failed.map(({ phase }) => phase))].join(', ');
  return {
    ...found,
    text: `${failed.length} of ${n} requests failed although the primary was well again (${after}): the outage outlasts the fault`,
  };
}
