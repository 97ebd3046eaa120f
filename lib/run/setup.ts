import { misspelt } from '../config';
import { loadNotes } from './announce';
import { preflight, type Preflight } from './preflight';
import { newRunId } from './run-id';
import { hooks, type Plan, type TestDef } from './test';
import { pagesRefused } from './watch';

/** What setup() found, for all VUs and for teardown(). */
export interface Ready extends Preflight {
  /** The run's name in results/, and on every sample. */
  runId: string;
  /** What the ids of this run's requests begin with. */
  run: string;
}

/** Tries the target and all else that the run needs, before the load. A run that is refused goes no further. */
export function setUp(def: TestDef, plan: Plan): Ready {
  const { p, parts } = plan;
  if (parts)
    return { refused: '', seconds: 0, notes: [], clock: null, runId: newRunId(`${def.script}-merged`), run: '' };
  for (const [name, meant] of misspelt(__ENV)) console.warn(`${name} is no parameter; was ${meant} meant?`);
  const ready: Ready = {
    ...preflight(def.workload, p),
    runId: newRunId(def.script),
    run: `${Date.now().toString(36)}-`,
  };
  for (const check of [...hooks(def, 'refused'), () => pagesRefused(p.pages)])
    if (!ready.refused) ready.refused = check(p);
  if (!ready.refused) for (const readies of hooks(def, 'readies')) readies({ p });
  if (ready.refused) console.error(ready.refused);
  else for (const note of [...ready.notes, ...loadNotes(plan, ready.seconds)]) console.info(note);
  return ready;
}
