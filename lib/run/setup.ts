import { sleep } from 'k6';
import { checkFolder, checkOutput, clean } from 'k6/x/sse';
import { loadNotes } from './announce';
import { forecast } from './forecast';
import { unreadNames } from './given';
import { beginLive } from './live';
import { beginRequests } from './requests';
import { preflight, type Preflight } from './preflight';
import { wayNotes, wayRefused } from './route';
import { newRunId } from './run-id';
import { countsNotTold, learnCounts } from './token-counts';
import { hooks, type Plan, type TestDef } from './test';
import { pagesRefused } from './watch';

/** What setup() found, for all VUs and for teardown(). */
export interface Ready extends Preflight {
  /** The run's name in results/, and on every sample. */
  runId: string;
  /** What the ids of this run's requests begin with. */
  run: string;
  /** What is to be known of a load of this size. */
  loadNotes: string[];
}

/** Tries the target and all else that the run needs, before the load. A run that is refused goes no further. */
export function setUp(def: TestDef, plan: Plan): Ready {
  const { p, parts } = plan;
  if (parts)
    return { ...notTried(''), runId: newRunId(`${def.script}-merged`), run: '', loadNotes: loadNotes(plan, 0) };
  const begun = Date.now();
  const runId = newRunId(def.script);
  const unread = unreadNames();
  for (const sentence of unread) console.warn(sentence);
  const unwritable = checkFolder(p.out) || checkOutput();
  if (!unwritable) console.info(forecastOf(plan));
  const unready = unwritable || wayRefused(p);
  const tried = unready ? notTried(unready) : preflight(plan.workload, p);
  const ready: Ready = {
    ...tried,
    notes: [...unread, ...wayNotes(p), ...tried.notes],
    runId,
    run: `${Date.now().toString(36)}-`,
    loadNotes: [],
  };
  for (const check of [...hooks(def, 'refused'), () => pagesRefused(p), () => beginRequests(plan, runId)])
    if (!ready.refused) ready.refused = check(p);
  if (!ready.refused) {
    for (const readies of hooks(def, 'readies')) readies({ p });
    if (p.promptTokens !== undefined) learnCounts(p);
    ready.notes.push(...countsNotTold());
  }
  // They quote the target.
  ready.refused = clean(ready.refused);
  ready.notes = ready.notes.map(clean);
  if (ready.refused) console.error(ready.refused);
  else {
    ready.loadNotes = loadNotes(plan, ready.seconds);
    for (const note of [...ready.notes, ...ready.loadNotes]) console.info(note);
    beginLive(def, plan, runId);
    if (p.startAfter !== undefined) waitUntil(begun + 1000 * p.startAfter);
  }
  return ready;
}

/** Runners of one load that were started together begin it together, however long the target took to answer each. */
function waitUntil(start: number): void {
  const left = start - Date.now();
  if (left > 0) sleep(left / 1000);
  else
    console.warn(
      `the target took so long to be tried that the load begins ${(-left / 1000).toFixed(1)} s later than START_AFTER says: give a larger START_AFTER to all runners`,
    );
}

/** What is known where nothing was sent to the target. */
function notTried(refused: string): Preflight {
  return { refused, seconds: 0, notes: [], clock: null };
}

function forecastOf({ p, load, closed, paced, users, workload, prices }: Plan): string {
  const { models, embeddingModel, maxTokens, promptTokens, seed } = p;
  const pricesFrom = p.prices ?? 'data/prices.json, which is an example';
  return forecast({
    ...{ load, closed, paced, users, workload, models, embeddingModel, maxTokens, promptTokens, seed },
    ...{ prices, pricesFrom },
  });
}
