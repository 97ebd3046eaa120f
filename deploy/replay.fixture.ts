import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { scratch } from '../tools/programs/scratch';
import { capture } from '../tools/programs/process';
import { type Instruction, parseDockerfile, type Stage } from './dockerfile.fixture';

/** What a stage left behind: its file system (the project's files alone), and where and how it starts. */
export interface Built {
  root: string;
  workdir: string;
  environment: Readonly<Record<string, string>>;
  entrypoint: readonly string[];
}

/** Commands that fetch from a registry. Here what they fetch is there already: see {@link fetched}. */
const fetching = [/^npm ci\b/, /^go mod download$/, /^apt-get /];
/** Commands of the project's own, which must work with no other files than those that were copied. */
const ours = [/^node /, /^(\w+=\S* )*node /, /^(\w+=\S* )*go build /];

/**
 * Does what deploy/Dockerfile says for one stage and those that it takes from, without a container: each stage is a
 * folder that holds the files that its COPY lines name, and nothing else of the project; its RUN lines run there.
 * Throws when a line names a file that there is not, a command fails, or a command is of no known kind.
 */
export async function replay(target: string): Promise<Built> {
  const stages = parseDockerfile(readFileSync('deploy/Dockerfile', 'utf8'));
  return new Replay(stages, readIgnored()).stage(target);
}

/** Names at the top of the project that never get into an image. */
function readIgnored(): string[] {
  const lines = readFileSync('deploy/Dockerfile.dockerignore', 'utf8').split('\n').filter(Boolean);
  const odd = lines.find((line) => !/^[\w./-]+$/.test(line));
  if (odd !== undefined)
    throw new Error(`deploy/replay.fixture.ts knows no pattern as ${odd} of deploy/Dockerfile.dockerignore`);
  return lines;
}

class Replay {
  private readonly built = new Map<string, Promise<Built>>();

  constructor(
    private readonly stages: readonly Stage[],
    private readonly ignored: readonly string[],
  ) {}

  stage(name: string): Promise<Built> {
    const known = this.built.get(name);
    if (known) return known;
    const stage = this.stages.find((one) => one.name === name);
    if (!stage) throw new Error(`deploy/Dockerfile has no stage ${name}`);
    const built = this.build(stage);
    this.built.set(name, built);
    return built;
  }

  private async build({ from, instructions }: Stage): Promise<Built> {
    const base = this.stages.some((one) => one.name === from) ? await this.stage(from) : undefined;
    const state = {
      root: scratch(),
      workdir: base?.workdir ?? '/',
      environment: { ...base?.environment },
      entrypoint: base?.entrypoint ?? [],
    };
    if (base) cpSync(base.root, state.root, { recursive: true, verbatimSymlinks: true });
    for (const instruction of instructions) await this.step(state, instruction);
    return state;
  }

  private async step(
    state: { root: string; workdir: string; environment: Record<string, string>; entrypoint: readonly string[] },
    { name, flags, words }: Instruction,
  ): Promise<void> {
    const inside = (path: string) => join(state.root, resolve(state.workdir, path));
    if (name === 'WORKDIR') {
      state.workdir = resolve(state.workdir, words[0]!);
      mkdirSync(inside('.'), { recursive: true });
    } else if (name === 'COPY') {
      const source = flags.from === undefined ? process.cwd() : (await this.stage(flags.from)).root;
      for (const path of words.slice(0, -1)) this.copy(join(source, path), words.at(-1)!, inside, flags.from);
    } else if (name === 'RUN') await runHere(words.join(' '), state.root, inside('.'), state.environment);
    else if (name === 'ENV' || name === 'ARG') {
      const [key, value = ''] = words.join(' ').split('=');
      state.environment[key!] = value;
    } else if (name === 'ENTRYPOINT') state.entrypoint = words;
    else if (name !== 'USER' && name !== 'EXPOSE' && name !== 'LABEL')
      throw new Error(`deploy/replay.fixture.ts does not know ${name}`);
  }

  /** As COPY: a folder's content, or a file, into a folder when the destination ends in a slash. */
  private copy(source: string, to: string, inside: (path: string) => string, from: string | undefined): void {
    const isIgnored = from === undefined && this.ignored.includes(relative(process.cwd(), source));
    if (isIgnored || !existsSync(source)) throw new Error(`COPY: there is no ${source} for the image`);
    const intoFolder = !statSync(source).isDirectory() && /(^\.|\/)$/.test(to);
    const target = intoFolder ? join(inside(to), basename(source)) : inside(to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(source, target, { recursive: true });
  }
}

async function runHere(
  command: string,
  root: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  if (fetching.some((pattern) => pattern.test(command))) return fetched(command, cwd);
  if (!ours.some((pattern) => pattern.test(command)))
    throw new Error(`RUN ${command}: say in deploy/replay.fixture.ts whether it fetches or is the project's own`);
  // Absolute paths are the image's.
  const here = command.replaceAll(/(?<=\s)\/(?=\w)/g, `${root}/`);
  const { PATH, HOME } = process.env;
  const { code, stdout, stderr } = await capture('sh', ['-c', here], {
    cwd,
    env: { PATH, HOME, ...environment },
  });
  if (code !== 0) throw new Error(`RUN ${command} ended with ${code}: ${stdout}${stderr}`);
}

/** The project's own packages stand in for those that `npm ci` fetches; Go finds its modules in its cache. */
function fetched(command: string, cwd: string): void {
  if (command.startsWith('npm ci')) symlinkSync(resolve('node_modules'), join(cwd, 'node_modules'));
}
