import type { Needs } from '../shared/capacity';
import type { Asked, SecretRef } from './arguments';
import type { Carried } from './files';

/** Where the image has its scripts, and what is mounted beside them. */
const work = '/work';
export const results = `${work}/results`;
export const givenFiles = `${work}/given`;
const secretFiles = `${work}/secret`;

/** The user of the image. */
const user = 1000;

/** So long after the runners were started their load begins: time enough to try the target once from each. */
export const startAfter = '20s';

export interface Made {
  asked: Asked;
  carried: Carried;
  /** Of one runner. */
  needs: Needs;
}

type Manifest = Record<string, unknown>;

/** What `kubectl apply` is given before the load: the volume of the results, files, and the TestRun. */
export function testRun(made: Made): Manifest[] {
  const { asked, carried, needs } = made;
  const pod = {
    image: asked.image,
    automountServiceAccountToken: 'false',
    securityContext: { runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: user },
  };
  const files = mounts(made);
  return [
    ...(asked.claim ? [] : [claim(asked)]),
    ...(Object.keys(carried.files).length > 0 ? [{ ...head('v1', 'ConfigMap', asked), data: carried.files }] : []),
    {
      ...head('k6.io/v1alpha1', 'TestRun', asked),
      spec: {
        parallelism: asked.parallelism,
        separate: asked.separate,
        script: { localFile: `${work}/dist/${asked.script}.js` },
        runner: { ...pod, ...files, env: [...plainEnv(made), ...secretEnv(asked)], resources: resources(needs) },
        // It reads the script and its parameters only: no key, no volume of results.
        initializer: {
          ...pod,
          ...mounts(made, false),
          env: [
            ...plainEnv(made).filter(({ name, value }) => name !== 'API_KEY' && plainInShell(value)),
            { name: 'API_KEY', value: 'none' },
          ],
        },
        starter: { image: asked.starterImage, automountServiceAccountToken: 'false' },
      },
    },
  ];
}

/** The Job that adds up what the runners left on the volume, and judges the whole: its exit code is the verdict's. */
export function mergeJob({ asked }: Pick<Made, 'asked'>): Manifest {
  const parts = `${results}/${asked.name}`;
  const commands = [
    `set -- ${parts}/*/run.json`,
    `[ -e "$1" ] || { echo "no runner wrote a run to ${parts}"; exit 110; }`,
    'files=$(IFS=,; echo "$*")',
    `exec k6 run --quiet -e MERGE="$files" -e OUT=${parts}-merged ${work}/dist/${asked.script}.js`,
  ];
  return {
    ...head('batch/v1', 'Job', { ...asked, name: `${asked.name}-merge` }),
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: user },
          containers: [
            {
              name: 'merge',
              image: asked.image,
              command: ['sh', '-c', commands.join('\n')],
              resources: { requests: { cpu: '500m', memory: '256Mi' }, limits: { memory: '1Gi' } },
              volumeMounts: [{ name: 'results', mountPath: results }],
            },
          ],
          volumes: [resultsVolume(asked)],
        },
      },
    },
  };
}

const head = (apiVersion: string, kind: string, { name, namespace }: Pick<Asked, 'name' | 'namespace'>) => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace ? { namespace } : {}) },
});

/** Each runner writes a folder of its own, from whichever node it is on. */
const claim = (asked: Asked): Manifest => ({
  ...head('v1', 'PersistentVolumeClaim', asked),
  spec: {
    accessModes: ['ReadWriteMany'],
    ...(asked.storageClass ? { storageClassName: asked.storageClass } : {}),
    resources: { requests: { storage: asked.storage } },
  },
});

const resultsVolume = ({ claim: given, name }: Asked) => ({
  name: 'results',
  persistentVolumeClaim: { claimName: given ?? name },
});

/** Kubernetes replaces $(NAME) in a value; $$( is how it is told not to. */
const literal = (value: string) => value.replaceAll('$(', '$$$$(');

function plainEnv({ asked, carried }: Made): { name: string; value: string }[] {
  const { parameters } = carried;
  const given = { START_AFTER: startAfter, ...asked.given, ...parameters, OUT: `${results}/${asked.name}` };
  return Object.entries(given).map(([name, value]) => ({ name, value: literal(value) }));
}

/** The operator's initializer (until 1.5) puts values into a shell's words between double quotes. */
const plainInShell = (value: string) => !/["$`\\\n]/.test(value);

/** A file of keys is mounted; every other secret is a variable of the runner's environment. */
const isFile = (parameter: string) => parameter.endsWith('_FILE');

const secretEnv = ({ secrets }: Asked): Manifest[] =>
  Object.entries(secrets).map(([name, { secret, key }]) =>
    isFile(name)
      ? { name, value: `${secretFiles}/${name.toLowerCase().replaceAll('_', '-')}/${key}` }
      : { name, valueFrom: { secretKeyRef: { name: secret, key } } },
  );

function mounts({ asked, carried }: Made, runs = true): { volumes: Manifest[]; volumeMounts: Manifest[] } {
  const found: { volume: Manifest; path: string; readOnly?: boolean }[] = [];
  if (runs) found.push({ volume: resultsVolume(asked), path: results });
  if (Object.keys(carried.files).length > 0)
    found.push({ volume: { name: 'given', configMap: { name: asked.name } }, path: givenFiles, readOnly: true });
  for (const [name, ref] of runs ? Object.entries(asked.secrets).filter(([each]) => isFile(each)) : []) {
    const volume = name.toLowerCase().replaceAll('_', '-');
    found.push({ volume: secretVolume(volume, ref), path: `${secretFiles}/${volume}`, readOnly: true });
  }
  return {
    volumes: found.map(({ volume }) => volume),
    volumeMounts: found.map(({ volume, path, readOnly }) => ({
      name: volume.name,
      mountPath: path,
      ...(readOnly ? { readOnly } : {}),
    })),
  };
}

const secretVolume = (name: string, { secret, key }: SecretRef) => ({
  name,
  secret: { secretName: secret, items: [{ key, path: key }] },
});

/**
 * CPU is asked for and not limited: a runner at its limit is stopped for some tens of milliseconds, and measures them.
 * Memory is limited to twice of what is expected, and what answers may hold beside that (MEMORY_LIMIT).
 */
const heldAnswers = 96;

function resources({ cores, memoryBytes }: Needs): Manifest {
  const mebi = Math.ceil(memoryBytes / 2 ** 20 / 16) * 16;
  return {
    requests: { cpu: `${Math.max(100, Math.ceil((1000 * cores) / 50) * 50)}m`, memory: `${mebi}Mi` },
    limits: { memory: `${2 * mebi + heldAnswers}Mi` },
  };
}
