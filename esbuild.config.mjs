// node esbuild.config.mjs [scripts] [bench] [--into=dist]: both when none is named.
// scripts/*.ts -> dist/*.js, bench/*.ts -> dist/bench-*.js, for Sobek: what it cannot parse is compiled away, k6's own
// modules stay imports.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { livePage, pageTemplate } from './report/template.mjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

function commit() {
  // An image is built without .git: who builds it tells the commit.
  if (process.env.GSAI_PERF_COMMIT) return process.env.GSAI_PERF_COMMIT;
  try {
    const git = (...args) =>
      execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain') ? '+changes' : '');
  } catch {
    return 'unknown'; // an unpacked archive has no git
  }
}

const entries = (folder, prefix) => [
  // It asks and judges nothing, so it is no script of a load.
  ...(folder === 'scripts' ? [{ in: 'lib/doctor/main.ts', out: 'doctor' }] : []),
  ...readdirSync(folder)
    .filter((file) => /(?<!\.test)\.ts$/.test(file))
    .map((file) => ({ in: `${folder}/${file}`, out: prefix + file.slice(0, -3) })),
];

const prefixes = { scripts: '', bench: 'bench-' };
const words = process.argv.slice(2);
const into = words.find((word) => word.startsWith('--into='))?.slice('--into='.length) ?? 'dist';
const named = words.filter((word) => !word.startsWith('--into='));
const folders = named.length > 0 ? named : Object.keys(prefixes);
const unknown = folders.find((folder) => !(folder in prefixes));
if (unknown !== undefined) {
  process.stderr.write(`${unknown} is no folder to bundle: name scripts, bench, or nothing for both\n`);
  process.exit(2);
}

const page = await pageTemplate();
const { outputFiles } = await build({
  entryPoints: folders.flatMap((folder) => entries(folder, prefixes[folder])),
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2022',
  external: ['k6', 'k6/*'],
  sourcemap: 'linked',
  // k6 reads the map twice at each start, and asks it for files and lines alone.
  sourcesContent: false,
  minify: false,
  supported: { 'async-generator': false, 'for-await': false, using: false },
  define: {
    __GSAI_PERF__: JSON.stringify({ version, commit: commit() }),
    // A text of the compiled program, which all VUs share: a VU's start does not get slower by it.
    __REPORT_PAGE__: JSON.stringify(page),
  },
  logLevel: 'warning',
  write: false,
});

// Renamed into place: a k6 that starts while another command bundles never reads half a script.
// Source maps tell where the sources lie as seen from dist/, wherever the scripts go.
const bundles = outputFiles.map(({ path, contents }) => ({ path: join(into, relative('dist', path)), contents }));
// What npm run report and npm run live draw with lies in dist/ wherever the scripts go: it is a part of those tools.
const pages = [
  { path: 'dist/report-page.html', contents: page },
  { path: 'dist/live-page.html', contents: await livePage() },
];
for (const { path, contents } of [...bundles, ...pages]) {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, contents);
  renameSync(beside, path);
}
