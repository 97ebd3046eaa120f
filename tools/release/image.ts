import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runCommand } from '../programs/command';
import { debian, which } from '../programs/debian';
import { capture, run, ToolError } from '../programs/process';
import { scratch } from '../programs/scratch';

const help = `npm run image

Builds the images of deploy/Dockerfile without a Docker daemon, and tries them: the simulator starts in one and smoke runs
in the other, to its verdict. Takes some minutes. It needs Linux, root, and Debian's packages buildah and mmdebstrap, which
it installs; without them it is skipped and says why.

The base images are not pulled: they are made here of Debian's packages, and of this machine's Go and Node, so the image is
built by the Dockerfile's steps, but not from its published bases.`;

const bases = { debian: 'debian:bookworm-slim', go: 'golang:1.26-bookworm', node: 'node:22-bookworm-slim' };
const certificates = '/etc/ssl/certs/ca-certificates.crt';
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** buildah with a storage of our own, which keeps the base images from one time to the next. */
class Buildah {
  private readonly global: readonly string[];

  constructor(readonly storage: string) {
    mkdirSync(storage, { recursive: true });
    this.global = ['--storage-driver', 'overlay', '--root', join(storage, 'root'), '--runroot', join(storage, 'run')];
  }

  /** What it prints. Throws {@link ToolError}. */
  async ask(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await capture('buildah', [...this.global, ...args]);
    if (code !== 0) throw new ToolError(`buildah ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
    return stdout.trim();
  }

  /** With its output on the terminal. Throws {@link ToolError}. */
  async do(...args: string[]): Promise<void> {
    const code = await run('buildah', [...this.global, ...args]);
    if (code !== 0) throw new ToolError(`buildah ${args[0]} ended with ${code}; see above`);
  }

  has(image: string): Promise<boolean> {
    return this.ask('inspect', '--type', 'image', image).then(
      () => true,
      () => false,
    );
  }

  /** Makes an image of what `change` does to a new container. */
  async commit(image: string, from: string, change: (container: string) => Promise<unknown>): Promise<void> {
    const container = await this.ask('from', '--pull-never', from);
    await change(container);
    await this.ask('commit', '--rm', '--quiet', container, image);
  }

  /** Words that run a program in a container as the user and with the environment of its image. */
  inside(container: string, ...command: string[]): string[] {
    return [...this.global, 'run', '--isolation', 'chroot', container, '--', ...command];
  }
}

/** The images that the Dockerfile begins with: Debian's base system, Go, and Node with npm. */
async function makeBases(buildah: Buildah): Promise<void> {
  const local = (name: string) => `localhost/${name}`;
  if (!(await buildah.has(local(bases.debian)))) {
    const tar = join(scratch(), 'debian.tar');
    const code = await run('mmdebstrap', ['--quiet', '--variant=apt', '--include=ca-certificates', 'bookworm', tar]);
    if (code !== 0) throw new ToolError(`mmdebstrap ended with ${code}; see above`);
    await buildah.commit(local(bases.debian), 'scratch', async (container) => {
      await buildah.ask('add', '--quiet', container, tar, '/');
      // Whatever authorities this machine trusts: a proxy's may be among them.
      await buildah.ask('copy', '--quiet', container, certificates, certificates);
      await buildah.ask('config', '--env', `SSL_CERT_FILE=${certificates}`, container);
    });
  }
  if (!(await buildah.has(local(bases.go)))) {
    const { stdout } = await capture('go', ['env', 'GOROOT']);
    await buildah.commit(local(bases.go), local(bases.debian), async (container) => {
      await buildah.ask('copy', '--quiet', container, stdout.trim(), '/usr/local/go');
      await buildah.ask('config', '--env', `PATH=/usr/local/go/bin:${systemPath}`, container);
    });
  }
  if (!(await buildah.has(local(bases.node)))) {
    const { stdout } = await capture('npm', ['root', '--global']);
    await buildah.commit(local(bases.node), local(bases.debian), async (container) => {
      await buildah.ask('copy', '--quiet', container, realpathSync(process.execPath), '/usr/local/bin/node');
      await buildah.ask('copy', '--quiet', container, join(stdout.trim(), 'npm'), '/usr/local/lib/npm');
      const set = 'ln -s ../lib/npm/bin/npm-cli.js /usr/local/bin/npm && useradd --create-home node';
      await capture('buildah', buildah.inside(container, 'sh', '-c', set));
      const environment = ['NODE_EXTRA_CA_CERTS', 'npm_config_cafile'].flatMap((name) => [
        '--env',
        `${name}=${certificates}`,
      ]);
      await buildah.ask('config', ...environment, container);
    });
  }
}

const buildImage = (buildah: Buildah, target: string): Promise<void> =>
  buildah.do(
    'build',
    ...['--isolation', 'chroot', '--pull-never', '--layers', '--network', 'host'],
    ...['--ignorefile', 'deploy/Dockerfile.dockerignore', '--file', 'deploy/Dockerfile'],
    ...['--target', target, '--tag', `localhost/gsai-perf-${target}`, '.'],
  );

/** Starts the simulator in one container and runs smoke in the other. Returns k6's exit code. */
async function tryImages(buildah: Buildah): Promise<number> {
  const [simulator, k6] = await Promise.all(
    ['simulator', 'k6'].map((target) => buildah.ask('from', '--pull-never', `localhost/gsai-perf-${target}`)),
  );
  const start = ['node', 'simulator.cjs', '--gateway-port', '0', '--provider-port', '0'];
  const child = spawn('buildah', buildah.inside(simulator!, ...start), { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    // A container that ends without a word gives no line, and its output is closed.
    const { value: ready } = (await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()) as {
      value?: string;
    };
    if (ready === undefined) throw new ToolError('the simulator of the image ended before it was ready; see above');
    const address = /gateway (\S+)/.exec(ready)![1]!;
    const smoke = ['k6', 'run', 'dist/smoke.js', '-e', `BASE_URL=${address}`, '-e', 'API_KEY=gsai-sim-key'];
    return await run('buildah', buildah.inside(k6!, ...smoke));
  } finally {
    // buildah passes the signal on; that it then tells of it is no fault.
    if (child.exitCode === null) {
      child.kill();
      await new Promise((done) => child.once('close', done));
    }
    await buildah.ask('rm', simulator!, k6!);
  }
}

/** Why images cannot be built here; empty where they can. */
async function hindrance(): Promise<string> {
  if (process.platform !== 'linux') return 'images are built on Linux';
  if (process.getuid?.() !== 0) return 'building an image without a daemon needs root';
  if (!existsSync(certificates)) return `there is no ${certificates}`;
  for (const command of ['go', 'npm']) if (!which(command)) return `${command} is not on the PATH`;
  try {
    for (const command of ['buildah', 'mmdebstrap']) await debian(command, command);
    return '';
  } catch (error) {
    if (error instanceof ToolError) return error.message;
    throw error;
  }
}

async function main(): Promise<number> {
  const why = await hindrance();
  if (why !== '') {
    process.stdout.write(`skipped: ${why}\n`);
    return 0;
  }
  const buildah = new Buildah(join(homedir(), '.cache/gsai-perf-images'));
  await makeBases(buildah);
  for (const target of ['simulator', 'k6']) await buildImage(buildah, target);
  const code = await tryImages(buildah);
  if (code !== 0) throw new ToolError(`smoke in the image ended with ${code}; see above`);
  process.stdout.write('\nboth images were built, and smoke passed in one against the simulator in the other\n');
  return 0;
}

if (require.main === module) void runCommand(help, main);
