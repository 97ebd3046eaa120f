import { conceal, refuse } from 'k6/x/sse';
import prices from '../../data/prices.json';
import { ParameterError, peakFactor, readParameters, type Parameters } from '../config';
import { parsePrices } from '../cost';
import { mostHeld, scaled, topRate, totalSeconds, vusNeeded } from '../load';
import { longestAllowed, parseObjectives, type Objective } from '../objectives';
import { secretValues } from '../summary';
import { leftOut, restricted } from '../workload';
import { refuseNoThresholds } from './called';
import { refuseMisspelt } from './given';
import { openFromHere, readCalibration, readJson } from './files';
import { parametersOf, readParts, type Parts } from './parts';
import { secretKey } from './secret';
import { openOwnPrompts, openOwnTexts } from './prompts';
import { environmentOfRun } from './target';
import { loadOfReplay, openReplay, workloadOfReplay } from './trace';
import { hooks, type Draft, type Plan, type TestDef } from './test';

/** What a request may be held where no objective says: seconds, the plan's peak limit (7.4.3). */
const heldAtMost = 5;

/**
 * Works out what the run is going to do. What is wrong with the parameters, or with a file that they name, ends k6 here
 * with one sentence.
 */
export function planOf(def: TestDef): Plan {
  try {
    return made(def);
  } catch (error) {
    if (error instanceof ParameterError) return refuse(error.message);
    throw error;
  }
}

function made(def: TestDef): Plan {
  refuseNoThresholds();
  refuseMisspelt();
  const parts = readParts();
  const env = environmentOfRun();
  const p = parts ? parametersOf(parts) : readParameters(env, openFromHere, secretKey);
  conceal([...p.apiKeys, ...[p.headers, p.body, p.embeddingBody, p.credentials, p.tls?.pem].flatMap(secretValues)]);
  // What the parts were told has been filled in already.
  const test = { script: def.script, given: (name: string) => parts !== undefined || env[name] !== undefined };
  for (const fillIn of hooks(def, 'parameters')) fillIn(p, test);
  if (__ENV.TOKENIZERS !== undefined && p.promptTokens === undefined && hooks(def, 'readies').length === 0)
    throw new ParameterError(
      `TOKENIZERS is given without PROMPT_TOKENS: no prompt of ${def.script} is cut to a number of tokens. Give it, or leave TOKENIZERS out`,
    );
  if (def.workload.fixed) refuseWhatIsFixed(def.script, p);
  const unused = def.workload.fixed && p.system !== undefined;
  if (unused) p.system = undefined;
  const draft = laidOut(def, p, parts);
  for (const adjust of hooks(def, 'plan')) adjust(draft);
  if (unused)
    (draft.cautions ??= []).push(
      `the system message of TARGET=${__ENV.TARGET}: not used, since the prompts of ${def.script} are made for what it looks for`,
    );
  if (draft.timeouts && draft.timeouts !== p.timeouts && p.timeoutsGiven.length > 0)
    (draft.cautions ??= []).push(
      `${p.timeoutsGiven.join(', ')} of the parameters: not used, since how long the client waits is part of what ${def.script} looks for`,
    );
  return {
    ...draft,
    ...users(draft),
    slotSeconds: totalSeconds(draft.load) > 600 ? 10 : 1,
    prices:
      p.prices === undefined
        ? parsePrices(prices, 'data/prices.json')
        : parsePrices(readJson('PRICES', p.prices), p.prices),
    calibration: readCalibration(p.calibration),
    parts,
    prompts: parts ? undefined : openOwnPrompts(p),
    texts: parts ? undefined : openOwnTexts(p),
  };
}

/** What a script whose prompts are what it is about does not let the parameters change. */
function refuseWhatIsFixed(script: string, p: Parameters): void {
  const prompts = 'its prompts are made for what it looks for';
  const fixed: [name: string, given: unknown, why: string][] = [
    ['PROMPT_TOKENS', p.promptTokens, prompts],
    ['PLAIN_SHARE', p.plainShare, 'which of its calls are streams is part of what it looks for'],
    // A target's system message and its limit are no wish of this run's user.
    ['SYSTEM', __ENV.SYSTEM && p.system, prompts],
    ['PROMPTS', p.prompts, prompts],
    ['TEXTS', p.texts, 'its texts are made for what it looks for'],
    ['PREFIX_SHARE', p.prefixShare, prompts],
    ['UNIQUE', p.unique, prompts],
    ['EMBEDDING_WIRE', p.embeddingWire === 'rerank' || undefined, 'what it sends is part of what it looks for'],
    ['BATCH', __ENV.BATCH && p.batch, 'the sizes of its batches are part of what it looks for'],
  ];
  for (const [name, given, why] of fixed)
    if (given !== undefined) throw new ParameterError(`${name} cannot be used with ${script}: ${why}. Leave it out`);
}

function laidOut(def: TestDef, p: Parameters, parts?: Parts): Draft {
  const asScripted = typeof def.load === 'function' ? def.load(p) : def.load;
  if (p.vus !== undefined && mostHeld(asScripted) > 0)
    throw new ParameterError(
      `VUS cannot be used with ${def.script}: its phases say how many requests are in flight, up to ${mostHeld(asScripted)}. SCALE changes that number`,
    );
  // Of parts that are added up only their records are at hand.
  const replay = parts ? undefined : openReplay(def, asScripted, p);
  const load = replay
    ? loadOfReplay(replay, asScripted)
    : parts && p.trace !== undefined
      ? parts.records[0]!.profile.phases
      : scaled(asScripted, p);
  const ids = (def.findings ?? []).flatMap((each) => each.ids);
  const phases = load.map(({ name }) => name);
  const objectives =
    p.objectives === undefined
      ? parseObjectives(def.objectives, `thresholds/${def.script}.json`, ids, phases)
      : parseObjectives(readJson('OBJECTIVES', p.objectives), p.objectives, ids, phases);
  const [workload, note] = restricted(
    def.script,
    replay ? workloadOfReplay(replay, def.workload) : def.workload,
    replay ? undefined : p.kinds,
    // Where -e does not give them, they are the target file's.
    __ENV.KINDS === undefined && __ENV.TARGET !== undefined ? `TARGET=${__ENV.TARGET}` : undefined,
  );
  return {
    p,
    load,
    workload,
    stretch: totalSeconds(load) / totalSeconds(asScripted),
    objectives: {
      ...objectives,
      objectives: objectives.objectives.map((each) => unlessLeftOut(each, replay ? { ...p, kinds: ['chat'] } : p)),
    },
    cautions: note ? [note] : undefined,
    replay,
  };
}

/** An objective about requests that KINDS leaves out is told as not judged. */
function unlessLeftOut(objective: Objective, { kinds }: Parameters): Objective {
  return leftOut(objective.tags, kinds) ? { ...objective, ifRun: true } : objective;
}

/** How many users the load needs by Little's law, or those that VUS asks for. */
function users({ p, load, objectives, timeouts, replay }: Draft): Pick<Plan, 'closed' | 'users' | 'allowed'> {
  const allowed = longestAllowed(objectives.objectives) ?? Math.max(heldAtMost, (timeouts?.first ?? 0) / 1000);
  return {
    closed: p.vus !== undefined && p.rate === undefined,
    users: p.vus ?? Math.max(vusNeeded(replay?.peak ?? topRate(load) * peakFactor(p), allowed), mostHeld(load)),
    allowed,
  };
}
