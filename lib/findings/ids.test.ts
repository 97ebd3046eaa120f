import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseObjectives } from '../objectives';
import { agencyFindings } from './agencies/findings';
import { balanceFindings } from './balance/findings';
import { bulkheadFindings } from './bulkhead/findings';
import { cachingFindings } from './caching';
import { capacityFindings } from './capacity';
import { contentionFindings } from './contention/findings';
import { costFindings } from './cost';
import { embeddingFindings } from './embeddings';
import { failoverFindings } from './failover/findings';
import { resourceGrowth, resourceUse, ttftGrowth } from './growth';
import { interferenceFindings } from './interference/findings';
import { overheadFindings } from './overhead';
import { breakingPoint, stepsHeld, errorShare, timeToRecover } from './phases';
import { pipelineFindings } from './pipeline';
import { providerFindings } from './providers';
import { sessionFindings } from './sessions';
import { costOfRequests } from './resources';
import { restartFindings } from './restart';
import { monitoringFindings } from './monitoring';
import { fidelityFindings } from './fidelity';
import { contextFindings } from './sizes';
import { streamingFindings } from './streaming';
import { streamsFindings } from './streams/findings';

/** Every factory that a script may name, with a phase where it asks for one. */
const made = [
  agencyFindings,
  balanceFindings,
  bulkheadFindings,
  capacityFindings({ errors: 1, p95: 1 }),
  contentionFindings,
  interferenceFindings,
  contextFindings,
  costFindings,
  failoverFindings,
  overheadFindings,
  providerFindings,
  embeddingFindings,
  cachingFindings,
  sessionFindings,
  pipelineFindings,
  streamingFindings,
  streamsFindings,
  resourceGrowth,
  costOfRequests,
  fidelityFindings,
  monitoringFindings,
  restartFindings,
  resourceUse('load'),
  ttftGrowth('load'),
  errorShare('spike'),
  timeToRecover('recovery', { within: 0.1, of: 'before' }),
  breakingPoint({ steps: [], errors: 1, p99: 1 }),
  stepsHeld({ steps: [], errors: 1, p99: 1 }),
];
/** Made for every script, and judged by none. */
const ofAll = ['who-fails'];
const ids = [...made.flatMap((each) => each.ids), ...ofAll];

test('every id that a finding is made with is among those that its maker declares', () => {
  const files = readdirSync('lib/findings', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/(test|fixture)\.ts$/.test(file),
  );
  const written = files.flatMap((file) =>
    [...readFileSync(join('lib/findings', file), 'utf8').matchAll(/\bid(?: =|:) '([^']+)'/g)].map(([, id]) => id!),
  );
  assert.ok(written.length > 20);
  assert.deepEqual(
    written.filter((id) => !ids.includes(id)),
    [],
  );
});

test('ids are of small letters, digits and hyphens, and no two makers share one', () => {
  for (const id of ids) assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
  assert.equal(new Set(ids).size, ids.length);
});

test('every objective about a finding names one that is made', () => {
  for (const file of readdirSync('thresholds'))
    parseObjectives(JSON.parse(readFileSync(join('thresholds', file), 'utf8')), file, ids);
});
