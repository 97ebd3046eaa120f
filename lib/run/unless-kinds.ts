import type { Workload } from '../workload';
import type { Feature } from './test';

/** Where KINDS is not given, this workload takes the place of the script's own, which has further kinds. */
export function unlessKinds(usual: Workload): Feature {
  return {
    plan(draft) {
      if (draft.p.kinds === undefined) draft.workload = usual;
    },
  };
}
