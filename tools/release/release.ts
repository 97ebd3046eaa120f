import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileK6, type Platform } from '../build/compile';
import { runCommand } from '../programs/command';
import { scratch } from '../programs/scratch';
import { capture, run, ToolError } from '../programs/process';
import { type Entry, tarGz, zip } from './archive';
import { type Bundles, bundleCommands } from './bundles';
import { licenceTexts, moduleParts, packageParts } from './licences';
import { platformName, platforms, tried } from './platforms';

const help = `npm run release -- [--only linux-amd64,darwin-arm64] [--out release]

Makes the archives of this version, one for each system: k6 with the extension, the scripts, objectives and data, the tools
as single files for Node, bills of materials, licences and checksums. The same commit and the same versions of Go and Node
give the same bytes. The first time, k6 is compiled for each system: some minutes each.

  --only LIST   some of ${platforms.map(platformName).join(', ')}
  --out FOLDER  release/`;

/** What all archives of a release share. */
interface Release {
  version: string;
  commit: string;
  time: Date;
  scripts: readonly Entry[];
  bundles: Bundles;
}

const entry = (path: string, content: Buffer | string, executable = false): Entry => ({
  path,
  content: Buffer.from(content),
  executable,
});

const inFolder = (folder: string, pattern: RegExp, from = folder): Entry[] =>
  readdirSync(from)
    .filter((file) => pattern.test(file))
    .map((file) => entry(`${folder}/${file}`, readFileSync(join(from, file))));

async function git(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await capture('git', args);
  if (code !== 0) throw new ToolError(`a release is made from a git checkout, and git says: ${stderr.trim()}`);
  return stdout.trim();
}

async function prepare(): Promise<Release> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const commit = (await git('rev-parse', 'HEAD')) + ((await git('status', '--porcelain')) ? '+changes' : '');
  const time = new Date(Number(await git('log', '-1', '--format=%ct')) * 1000);
  const dist = scratch();
  if ((await run(process.execPath, ['esbuild.config.mjs', 'scripts', `--into=${dist}`])) !== 0)
    throw new ToolError('the scripts cannot be bundled; see above');
  return { version, commit, time, scripts: inFolder('dist', /\.js(\.map)?$/, dist), bundles: await bundleCommands() };
}

/** The bill of materials of a k6 binary, which holds the list of its modules. */
async function billOfK6(binary: string, version: string): Promise<Buffer> {
  const file = join(scratch(), 'k6.cdx.json');
  const tool = 'github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0';
  const flags = ['-json', '-std', '-noserial', '-notimestamp', '-version', `v${version}`, '-output', file];
  const { code, stderr } = await capture('go', ['run', tool, 'bin', ...flags, binary]);
  if (code !== 0) throw new ToolError(`no bill of materials could be made for k6: ${stderr.trim()}`);
  const bill = JSON.parse(readFileSync(file, 'utf8')) as { metadata: { tools?: { hashes?: object }[] } };
  // The tool's own binary differs between machines, so its hashes are left out.
  for (const one of bill.metadata.tools ?? []) delete one.hashes;
  return Buffer.from(`${JSON.stringify(bill, null, 2)}\n`);
}

async function entriesOf(release: Release, platform: Platform): Promise<Entry[]> {
  const { version, commit, bundles, scripts } = release;
  const exe = platform.os === 'windows' ? 'k6.exe' : 'k6';
  const binary = join(scratch(), exe);
  process.stderr.write(`compiling k6 for ${platformName(platform)} ...\n`);
  await compileK6(binary, platform);
  const parts = [...packageParts(bundles.packages), ...(await moduleParts(platform))];
  const readme = readFileSync('tools/release/README.archive.md', 'utf8')
    .replaceAll('VERSION', version)
    .replaceAll('PLATFORM', platformName(platform))
    .replaceAll('EXE', exe)
    .replaceAll(/K6 (run|x)/g, platform.os === 'windows' ? '.\\k6 $1' : './k6 $1')
    .replaceAll('COMMIT', commit)
    .replace(
      /UNTRIED\n/,
      tried.includes(platformName(platform))
        ? ''
        : '\nThis archive was made on another system, and has not been tried on this one.\n',
    );
  const entries = [
    entry(exe, readFileSync(binary), true),
    ...scripts,
    ...inFolder('thresholds', /\.json$/),
    ...inFolder('targets', /\.json$/),
    ...inFolder('data', /\.(json|md)$/),
    ...[...bundles.files].map(([name, content]) => entry(`tools/${name}.cjs`, content)),
    entry('sbom/k6.cdx.json', await billOfK6(binary, version)),
    entry('sbom/tools.cdx.json', bundles.bill),
    entry('LICENSE', readFileSync('LICENSE')),
    entry('THIRD-PARTY-LICENSES.txt', licenceTexts(parts)),
    entry('README.md', readme),
  ];
  return [...entries, entry('SHA256SUMS', checksums(entries))];
}

/** As sha256sum writes and checks them. */
const checksums = (files: readonly Entry[]): string =>
  [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, content }) => `${createHash('sha256').update(content).digest('hex')}  ${path}\n`)
    .join('');

/** Makes an archive of every platform asked for in `out`, and SHA256SUMS beside them. Returns their names. */
export async function makeRelease(out: string, wanted: readonly Platform[]): Promise<string[]> {
  const release = await prepare();
  const made: Entry[] = [];
  mkdirSync(out, { recursive: true });
  for (const platform of wanted) {
    const folder = `gsai-perf-${release.version}-${platformName(platform)}`;
    const entries = (await entriesOf(release, platform)).map((one) => ({ ...one, path: `${folder}/${one.path}` }));
    const [name, content] =
      platform.os === 'windows'
        ? [`${folder}.zip`, await zip(entries, release.time)]
        : [`${folder}.tar.gz`, await tarGz(entries, release.time)];
    writeFileSync(join(out, name), content);
    made.push(entry(name, content));
    process.stdout.write(`${join(out, name)} (${(content.length / 1e6).toFixed(1)} MB)\n`);
  }
  writeFileSync(join(out, 'SHA256SUMS'), checksums(made));
  return made.map(({ path }) => path);
}

function asked(args: readonly string[]): { out: string; wanted: readonly Platform[] } {
  const found = { out: 'release', wanted: platforms };
  for (let i = 0; i < args.length; i += 2) {
    const [name, value] = [args[i]!, args[i + 1]];
    if (name !== '--only' && name !== '--out') throw new ToolError(`${name} is no option of release; see --help`);
    if (!value) throw new ToolError(`${name} needs a value; see --help`);
    if (name === '--out') found.out = value;
    else found.wanted = value.split(',').map(platformOf);
  }
  return found;
}

function platformOf(name: string): Platform {
  const platform = platforms.find((one) => platformName(one) === name);
  if (!platform)
    throw new ToolError(`--only: there is no ${name}; there are ${platforms.map(platformName).join(', ')}`);
  return platform;
}

async function main(args: readonly string[]): Promise<number> {
  const { out, wanted } = asked(args);
  await makeRelease(out, wanted);
  return 0;
}

if (require.main === module) void runCommand(help, main);
