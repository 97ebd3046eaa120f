import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { cyclonedxEsbuildPlugin } from '@cyclonedx/cyclonedx-esbuild';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { runCommand } from '../programs/command';
import { scratch } from '../programs/scratch';

/** Commands that an archive carries, each as one file that needs Node alone. */
export const bundled: Readonly<Record<string, string>> = {
  report: 'tools/commands/report/report.ts',
  compare: 'tools/commands/compare/compare.ts',
  trend: 'tools/commands/trend/trend.ts',
  merge: 'tools/commands/parts/merge.ts',
  segments: 'tools/commands/parts/segments.ts',
  sampler: 'tools/commands/sampler/sampler.ts',
  simulator: 'simulator/main.ts',
};

const folder = 'release/tools';

export interface Bundles {
  /** Command -> its file's content. */
  files: ReadonlyMap<string, Buffer>;
  /** The packages inside, as a CycloneDX document. */
  bill: Buffer;
  /** Folders of those packages. */
  packages: readonly string[];
}

/** What all builds have in common. */
const options = (commands: readonly string[]) =>
  ({
    entryPoints: commands.map((out) => ({ in: bundled[out]!, out })),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none', // licences are in a file of their own
    // Packages ask where they lie in the way of ES modules, which this format lacks.
    define: { 'import.meta.url': '__file' },
    banner: { js: "const __file = require('node:url').pathToFileURL(__filename).href;" },
    write: false,
    logLevel: 'warning',
  }) satisfies BuildOptions;

/** Bundles commands, all by default. Throws esbuild's own errors, which name file and line. */
export async function bundleCommands(commands: readonly string[] = Object.keys(bundled)): Promise<Bundles> {
  // One build each: what is one command's beginning is another's part.
  const builds = await Promise.all(commands.map((each) => build({ ...options([each]), plugins: [oneFile] })));
  const bill = join(scratch(), 'packages.cdx.json');
  const { metafile } = await build({
    ...options(commands),
    plugins: [oneFile, cyclonedxEsbuildPlugin({ outputFile: bill, outputReproducible: true, logLevel: 'silent' })],
    metafile: true,
  });
  const files = builds.map(({ outputFiles }, i) => [commands[i]!, Buffer.from(outputFiles[0]!.contents)] as const);
  const inside = Object.keys(metafile.inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  return { files: new Map(files), bill: readFileSync(bill), packages: [...new Set(inside)].sort() };
}

/** Takes away what holds for a folder of many files, and not for one. */
const oneFile: Plugin = {
  name: 'one-file',
  setup({ initialOptions, onLoad }) {
    const entries = new Set((initialOptions.entryPoints as { in: string }[]).map((entry) => resolve(entry.in)));
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      let contents = readFileSync(path, 'utf8');
      // In one file every part would be the program that was started.
      if (!entries.has(path)) contents = contents.replaceAll('require.main === module', 'false');
      // A file that is read beside the source becomes part of it.
      contents = contents.replaceAll(/readFileSync\((?:path\.)?join\(__dirname, '([^']+)'\), 'utf8'\)/g, (_, file) =>
        JSON.stringify(readFileSync(join(dirname(path), file as string), 'utf8')),
      );
      return { contents, loader: 'ts' };
    });
  },
};

/** For an image: writes the named commands to release/tools/. */
async function main(commands: string[]): Promise<number> {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of (await bundleCommands(commands)).files)
    writeFileSync(join(folder, `${name}.cjs`), content);
  return 0;
}

const help = `node -r ts-node/register/transpile-only tools/release/bundles.ts COMMAND ...

Writes ${Object.keys(bundled).join(', ')}, or some of them, to ${folder}/: each one file that needs Node alone.`;

if (require.main === module) void runCommand(help, main, true);
