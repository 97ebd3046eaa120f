import { ToolError } from '../../programs/process';

/** A key of a Secret of the cluster. */
export interface SecretRef {
  secret: string;
  key: string;
}

/** What the command line asks for. */
export interface Asked {
  script: string;
  parallelism: number;
  /** Parameters as they were given. */
  given: Record<string, string>;
  /** Parameters whose value stands in a Secret. */
  secrets: Record<string, SecretRef>;
  image: string;
  starterImage: string;
  name: string;
  namespace?: string;
  separate: boolean;
  /** A PersistentVolumeClaim that there is already. */
  claim?: string;
  storageClass?: string;
  storage: string;
  /** Content events that one stream brings in a second. */
  events: number;
  out: string;
}

/** Options with a word after them, and what that word must be. */
const worded: Readonly<Record<string, [RegExp, string]>> = {
  '--parallelism': [/^\d+$/, 'a whole number from 1 to 500'],
  '--image': [/^[\w.\-/:@]+$/, 'an image, such as registry.example/gsai-perf:0.1.0'],
  '--starter-image': [/^[\w.\-/:@]+$/, 'an image, such as ghcr.io/grafana/k6-operator:latest-starter'],
  // The operator adds -initializer to it, and a label of Kubernetes has at most 63 characters.
  '--name': [/^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/, 'at most 50 small letters, digits and hyphens, a letter first'],
  '--namespace': [/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'a name of small letters, digits and hyphens'],
  '--claim': [/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'the name of a PersistentVolumeClaim'],
  '--storage-class': [/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'the name of a StorageClass'],
  '--storage': [/^\d+(\.\d+)?(Mi|Gi|M|G)$/, 'a size like 2Gi'],
  '--events': [/^\d+(\.\d+)?$/, 'a number: content events a second of one stream'],
  '--out': [/./, 'a folder'],
};

const secretIn = /^secret:([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)\/([\w.-]+)$/;

/** Parameters that name a file with keys, or hold one: their values never stand in a manifest. */
const secretParameters = ['API_KEY', 'API_KEYS_FILE'];

/** Reads the command line; `version` names the default image, `now` the default name. Throws {@link ToolError}. */
export function parse(args: readonly string[], version: string, now: Date): Asked {
  const words: Record<string, string> = {};
  const given: Record<string, string> = {};
  let script = '';
  let separate = false;
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const option = worded[word];
    if (option) {
      const value = args[++i] ?? '';
      if (!option[0].test(value)) throw new ToolError(`${word} ${value} is wrong: ${option[1]} is wanted`);
      words[word] = value;
    } else if (word === '--separate') separate = true;
    else if (word === '-e') {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(args[++i] ?? '') ?? [];
      if (name === undefined) throw new ToolError(`-e ${args[i] ?? ''} is not NAME=value`);
      given[name] = value!;
    } else if (word.startsWith('-')) throw new ToolError(`${word} is no option of k8s; see --help`);
    else if (script) throw new ToolError(`two scripts were given, ${script} and ${word}`);
    else script = word.replace(/^dist\//, '').replace(/\.js$/, '');
  }
  if (!/^[\w-]+$/.test(script)) throw new ToolError('no script is named: give one, such as spike; see --help');
  const parallelism = Number(words['--parallelism'] ?? Number.NaN);
  if (!(parallelism >= 1 && parallelism <= 500))
    throw new ToolError('--parallelism must be a whole number from 1 to 500: the number of runners');
  if (words['--claim'] && (words['--storage-class'] || words['--storage']))
    throw new ToolError('--claim names a volume that there is already: leave out --storage-class and --storage');
  const { plain, secrets } = divided(given);
  const stamp = now.toISOString().replace(/[-:]/g, '').slice(0, 15).toLowerCase();
  return {
    script,
    parallelism,
    given: plain,
    secrets,
    separate,
    image: words['--image'] ?? `gsai-perf:${version}`,
    starterImage: words['--starter-image'] ?? 'ghcr.io/grafana/k6-operator:latest-starter',
    name: words['--name'] ?? `${script.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${stamp}`,
    namespace: words['--namespace'],
    claim: words['--claim'],
    storageClass: words['--storage-class'],
    storage: words['--storage'] ?? '2Gi',
    events: Number(words['--events'] ?? 50),
    out: words['--out'] ?? 'results/k8s',
  };
}

/** Which parameters stand in the manifest, and which in Secrets of the cluster. Throws {@link ToolError}. */
function divided(given: Record<string, string>): { plain: Record<string, string>; secrets: Record<string, SecretRef> } {
  const plain: Record<string, string> = {};
  const secrets: Record<string, SecretRef> = {};
  for (const [name, value] of Object.entries(given)) {
    const [, secret, key] = secretIn.exec(value) ?? [];
    if (secret !== undefined) secrets[name] = { secret, key: key! };
    else if (value.startsWith('secret:'))
      throw new ToolError(`-e ${name}=${value} is wrong: secret:<name of the Secret>/<key in it> is wanted`);
    else if (secretParameters.includes(name) && value !== 'none')
      throw new ToolError(
        `${name} would stand in the manifest for everyone to read: put it into a Secret of the cluster, and give -e ${name}=secret:<name of the Secret>/<key in it>`,
      );
    else plain[name] = value;
  }
  if (plain.OUT !== undefined) throw new ToolError('OUT cannot be given: the runners write to their shared volume');
  return { plain, secrets };
}
