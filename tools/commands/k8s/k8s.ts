import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseCalibration, type Calibration } from '../../../lib/calibration';
import { tooManyParts, workers, type LoadTold } from '../../../lib/load';
import { runCommand } from '../../programs/command';
import { built } from '../../programs/built';
import { ToolError } from '../../programs/process';
import { k6Ready } from '../parts/merge';
import { calibrated, measured, needs, type Height } from '../shared/capacity';
import { parse, type Asked } from './arguments';
import { carried } from './files';
import { loadOfScript } from '../shared/load';
import { givenFiles, mergeJob, results, testRun, type Made } from './manifests';

const help = `npm run k8s -- SCRIPT --parallelism N [-e NAME=value ...]

Writes the manifests with which k6-operator runs one load on many machines of a Kubernetes cluster, and says what to do with them.
Each runner sends its part of the arrivals; a Job adds the parts up and judges the whole once, as npm run merge does.

  SCRIPT                 such as spike
  --parallelism N        runners, from 1 to 500
  -e NAME=value          a parameter of the script. Files that it names go into a ConfigMap
  -e NAME=secret:S/K     its value is key K of the Secret S in the cluster: the only way to give API_KEY and API_KEYS_FILE
  --image IMAGE          of the runners and the initializer, made of deploy/Dockerfile; default gsai-perf:<version>
  --starter-image IMAGE  of the operator's starter, which needs curl alone; default ghcr.io/grafana/k6-operator:latest-starter
  --separate             each runner on a node of its own: the cluster must have as many
  --claim NAME           a PersistentVolumeClaim that there is already, for the results; it must be writable from all nodes
  --storage-class CLASS  of the volume that is made otherwise; it must know ReadWriteMany
  --storage SIZE         of that volume; default 2Gi
  --events N             content events a second of one stream, for the CPU that is asked for; default 50
  --name NAME            of the TestRun; default the script and the time
  --namespace NAME       default kubectl's own
  --out FOLDER           where the manifests go; default results/k8s`;

/** The load of one runner at the highest phase. */
export function heightOf({ rate, users }: LoadTold, { parallelism, events }: Asked): Height {
  const streams = users / parallelism;
  // Users without pause: how often they ask is the target's affair; once in a second is much for a language model.
  return { streams, eventsPerSecond: streams * events, requestsPerSecond: (rate || users) / parallelism };
}

/** What was worked out and what is to be done, in words. */
export function told(made: Made, load: LoadTold, height: Height, source: string, folder: string): string {
  const { asked, needs: each } = made;
  const space = asked.namespace ? ` -n ${asked.namespace}` : '';
  const one = asked.parallelism === 1;
  const runners = one ? '1 runner' : `${asked.parallelism} runners`;
  const lines = [
    load.rate > 0
      ? `${asked.script}: ${runners} ${one ? 'sends' : 'send'} ${load.requests} requests in ${round(load.seconds)} s, up to ${round(load.rate)}/s and ${load.users} at a time (Little's law with a margin).`
      : `${asked.script}: ${runners} ${one ? 'sends' : 'send'} the requests of ${load.users} users, who make no pause, for ${round(load.seconds)} s.`,
    `A runner has up to ${Math.ceil(height.streams)} streams with ${round(height.eventsPerSecond)} events/s together. That keeps ${each.busy.toFixed(2)} cores busy (${source}). The manifest asks for twice that, and for ${Math.ceil(each.memoryBytes / 1e6)} MB of memory.`,
    `Runner and initializer: image ${asked.image}. Starter: image ${asked.starterImage}.`,
    '',
    `Wrote ${join(folder, 'testrun.yaml')}${one ? '' : ` and ${join(folder, 'merge.yaml')}`}. With k6-operator in the cluster:`,
    '',
    `  docker build -f deploy/Dockerfile --target k6 --build-arg COMMIT=$(git rev-parse HEAD) -t ${asked.image} .   # and push it to where the cluster finds it`,
    ...[...new Set(Object.values(asked.secrets).map(({ secret }) => secret))].map(
      (secret) => `  kubectl${space} create secret generic ${secret} ${secretWords(asked, secret)}`,
    ),
    `  kubectl${space} apply -f ${join(folder, 'testrun.yaml')}`,
    `  kubectl${space} wait --for=jsonpath='{.status.stage}'=finished --timeout=${Math.ceil(load.seconds / 60) + 15}m testrun/${asked.name}`,
  ];
  if (!one)
    lines.push(
      `  kubectl${space} apply -f ${join(folder, 'merge.yaml')}`,
      `  kubectl${space} logs --follow --pod-running-timeout=5m job/${asked.name}-merge   # the table; the Job fails for FAIL and INVALID`,
    );
  lines.push(
    '',
    `The results are in ${asked.name}${one ? '' : `/ and ${asked.name}-merged`}/ of the volume, which the pods mount at ${results}. "finished" says that the runners ended, not that they passed.`,
  );
  return lines.join('\n');
}

const round = (value: number) => Number(value.toPrecision(3)).toString();

const secretWords = ({ secrets }: Asked, secret: string) =>
  Object.entries(secrets)
    .filter(([, ref]) => ref.secret === secret)
    .map(([name, { key }]) => (name.endsWith('_FILE') ? `--from-file=${key}=...` : `--from-literal=${key}=...`))
    .join(' ');

/** The project's calibration, of whichever machine: the cluster's is not known here. */
function calibration(): Calibration | undefined {
  const file = '.cache/calibration.json';
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const { cpu_model = '', cpus = 0 } = JSON.parse(text) as Partial<Calibration>;
  return parseCalibration(text, { cpuModel: cpu_model, cpus });
}

async function main(args: string[]): Promise<number> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    version: string;
  };
  const asked = parse(args, version, new Date());
  const files = carried(asked.given, givenFiles);
  const k6 = await k6Ready();
  if (!existsSync(`dist/${asked.script}.js`)) throw new ToolError(`there is no script ${asked.script}`);
  if (!('API_KEY' in { ...asked.given, ...asked.secrets }) && !('API_KEYS_FILE' in asked.secrets))
    throw new ToolError(
      'no key is given: give -e API_KEY=secret:<name of the Secret>/<key in it>, or -e API_KEY=none for a gateway without keys',
    );
  const load = await loadOfScript({ ...built, k6 }, asked.script, { ...asked.given, API_KEY: 'none' });
  const vus = workers(load.users);
  if (asked.parallelism > vus) throw new ToolError(tooManyParts(asked.parallelism, vus));
  const height = heightOf(load, asked);
  const known = calibration();
  const made = { asked, carried: files, needs: needs(height, known ? calibrated(known, height) : measured) };
  const folder = join(asked.out, asked.name);
  mkdirSync(folder, { recursive: true });
  const text = (documents: readonly object[]) =>
    documents.map((each) => stringify(each, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
  writeFileSync(join(folder, 'testrun.yaml'), text(testRun(made)));
  if (asked.parallelism > 1) writeFileSync(join(folder, 'merge.yaml'), text([mergeJob(made)]));
  const source = known
    ? `by the calibration of ${known.at.slice(0, 10)} on ${known.cpu_model}`
    : 'by the usual costs; npm run calibrate finds those of a machine';
  process.stdout.write(`${told(made, load, height, source, folder)}\n`);
  return 0;
}

if (require.main === module) void runCommand(help, main, true);
