import exec from 'k6/execution';
import { configure } from 'k6/x/sse';
import { executorOf, loadOf, loadTold, schedule, totalSeconds, usersOf } from '../load';
import { gapSamples, metricDefs } from '../metrics';
import { bounds } from '../objectives';
import { abortIfCalledWrongly } from './called';
import { conclude } from './conclude';
import { planOf } from './plan';
import { routeOf } from './route';
import { leaveUnjudged, printResults, writeResults } from './results';
import { tagSamples } from './run-id';
import { probesSeconds } from './preflight';
import { setUp, type Ready } from './setup';
import { shownRecord } from './shown';
import { hooks, type Plan, type TestDef } from './test';
import { playUsers } from './user';
import { scenario as monitor, watch } from './watch';

/*
 * How a run goes, and in which file each part of it happens:
 *   plan.ts       init context: parameters, objectives and load become a plan, or the run is refused
 *   setup.ts      setup(): the target is tried (preflight.ts), and what the features need
 *   user.ts       each VU: an arrival becomes a request; its answer is booked in Go, and noted where a feature asks
 *   conclude.ts   teardown(): what was booked and noted becomes what was observed, findings, the verdict, the record
 *   results.ts    teardown() and handleSummary(): run.json, junit.xml and the table, all made of the record
 * What a script does beside that is called by the hooks of `Feature` (test.ts).
 */

/** Seconds between two lines that say how the load goes. */
const progressEvery = 5;

/**
 * Makes a k6 test of a definition: `options`, `setup`, the VUs' function (the default export), `teardown`,
 * `handleSummary`.
 */
export function defineTest(def: TestDef) {
  const plan = planOf(def);
  const { p, load, objectives, closed } = plan;
  configure(() => ({
    metrics: metricDefs(bounds(objectives.objectives)),
    schedule: {
      ...schedule(load, closed ? 'closed' : p.arrivals, p.seed, plan.burst),
      shape: p.burstiness,
      markov: p.bursts,
      day: p.day,
    },
    slotSeconds: plan.slotSeconds,
    gapSamples,
    boundTrends: true,
    bounds: p.limits,
    progressSeconds: progressEvery,
    ca: p.tls.pem.ca,
    credentials: p.credentials,
    route: routeOf(p),
    cacheHit: p.cacheHeader && { header: p.cacheHeader.name, value: p.cacheHeader.value },
  }));

  const options = optionsOf(plan);
  const scenarios = Object.keys(options.scenarios);

  function setup(): Ready {
    abortIfCalledWrongly(scenarios);
    return setUp(def, plan);
  }

  function run(ready?: Ready): void {
    // Without a setup() nothing was made ready.
    if (!ready) {
      abortIfCalledWrongly(scenarios);
      return;
    }
    if (ready.refused || plan.parts) return;
    tagSamples(ready.runId, def.script);
    if (exec.scenario.name === monitor) watch(p, plan.scraped);
    // By its number in the scenario: beside the monitor's, the VUs of the load are not those from 1 on.
    else playUsers(usersOf(exec.scenario.iterationInTest + 1, plan.users), def, plan, { p, run: ready.run });
  }

  function teardown(ready?: Ready): void {
    if (!ready) return;
    if (!ready.refused && !plan.parts)
      for (const hook of ['loadEnds', 'afterwards'] as const)
        for (const act of hooks(def, hook)) act({ p, run: ready.run });
    tagSamples(ready.runId, def.script);
    try {
      writeResults(shownRecord(conclude(def, plan, ready)), plan, ready.refused !== '');
    } catch (error) {
      leaveUnjudged(error, `${p.out}/${ready.runId}`);
    }
  }

  return { options, setup, run, teardown, handleSummary: printResults };
}

function optionsOf({ p, load, users, closed, workload, parts }: Plan) {
  const { insecure, pem } = p.tls;
  const maxDuration = `${Math.ceil(totalSeconds(load) + p.drain)}s`;
  const oneEach = {
    executor: 'per-vu-iterations',
    iterations: 1,
    maxDuration,
    gracefulStop: '0s',
  };
  return {
    scenarios: {
      // One long iteration a VU: the Go module's schedule hands out the arrivals (see serve()), so that they are sent
      // at their own times, Poisson too, and late rather than never, with the lateness known. A VU plays many users.
      load: parts ? { ...oneEach, vus: 1 } : { ...executorOf(load, users, closed), maxDuration, gracefulStop: '0s' },
      ...(p.pages.length > 0 && !parts ? { [monitor]: { ...oneEach, vus: 1 } } : {}),
    },
    thresholds: { llm_objectives_missed: ['count==0'] },
    ...(insecure ? { insecureSkipTLSVerify: true } : {}),
    ...(pem.cert ? { tlsAuth: [{ cert: pem.cert, key: pem.key, password: pem.password }] } : {}),
    setupTimeout: `${180 + probesSeconds(workload, p)}s`,
    teardownTimeout: '180s',
    // For `k6 inspect`: what sizes the machines of a load. k6 itself takes no notice of it.
    ext: { [loadOf]: loadTold(load, users, closed) },
  };
}
