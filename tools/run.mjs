// Starts a command of package.json: `node tools/run.mjs <command> [arguments]`. Before that it sees to what every command
// needs (build/setup.mjs), and lets Node read TypeScript. Plain JavaScript, because ts-node may not be installed yet.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Command -> its file, the arguments that it is always given, and what it does. */
const commands = {
  setup: ['tools/build/setup.mjs', [], 'checks Node and Go, and installs the packages of package-lock.json'],
  build: ['tools/build/build.ts', [], 'builds bin/k6 and dist/'],
  release: ['tools/release/release.ts', [], 'makes the archives of this version, one for each system'],
  image: ['tools/release/image.ts', [], 'builds the images of deploy/Dockerfile without Docker, and tries them'],
  demo: ['tools/commands/demo.ts', [], 'from a fresh machine to a verdict, against the simulator'],
  doctor: ['tools/commands/doctor.ts', [], 'asks a gateway what it can do, and writes a target file'],
  live: ['tools/commands/live/live.ts', [], 'runs a script with a page that shows the run while it goes on'],
  report: ['tools/commands/report/report.ts', [], "writes a run's report.html"],
  segments: ['tools/commands/parts/segments.ts', [], 'runs one load as several k6 processes, and judges the whole'],
  merge: ['tools/commands/parts/merge.ts', [], 'adds up the runs of one load, and judges the whole'],
  k8s: ['tools/commands/k8s/k8s.ts', [], 'writes what k6-operator needs to run one load on many machines'],
  compare: ['tools/commands/compare/compare.ts', [], 'says whether runs are better or worse than others'],
  ci: ['tools/commands/ci/ci.ts', [], 'what a CI runs: a script, the comparison with the base branch, the comment'],
  ab: ['tools/commands/ab/ab.ts', [], 'compares two gateways by one experiment'],
  trend: ['tools/commands/trend/trend.ts', [], 'shows figures over many runs, and where their level changed'],
  calibrate: ['tools/commands/calibrate.ts', [], 'measures how exact the figures are on this machine'],
  sampler: ['tools/commands/sampler/sampler.ts', [], 'serves the CPU and memory of a process as a Prometheus page'],
  'influx:import': ['tools/commands/influx/import.ts', [], 'fills into InfluxDB what it lacks of a run'],
  plan: ['tools/commands/plan/plan.ts', [], 'runs the scripts of the plan one after the other, and judges the whole'],
  'plan:proof': [
    'tools/commands/sweep/proof.ts',
    [],
    'draws sets of flaws, and holds what the plan says of each to them',
  ],
  sweep: [
    'tools/commands/sweep/sweep.ts',
    [],
    'switches each flaw on alone, and holds every script to what it says then',
  ],
  simulator: ['simulator/main.ts', [], 'starts the simulated providers and the reference gateway'],
  'gateway:litellm': ['tools/commands/gateway/gateway.ts', [], 'starts LiteLLM in front of the simulated providers'],
  bench: ['tools/commands/bench/bench.ts', [], 'measures the measuring program'],
  'bench:compare': [
    'tools/commands/compare/real-pairs.ts',
    [],
    'shows how often compare is wrong about the same thing',
  ],
  'bench:memory': ['tools/commands/bench/memory.ts', [], 'shows whether memory stays bounded in a long run'],
  params: ['tools/commands/params.ts', [], 'prints the parameters of every script, and the metrics'],
  schema: ['tools/commands/schema.ts', [], 'writes the JSON schemas of run.json and of what the tools write'],
  dashboards: ['tools/commands/dashboards.ts', [], "writes Grafana's dashboards"],
  coverage: ['tools/commands/coverage/coverage.ts', [], 'writes which points of the plan a test proves'],
  docs: ['tools/commands/docs/docs.ts', [], 'writes the tables of docs/ that are made from the code'],
  data: ['tools/commands/data/generate.ts', [], 'writes the prompts, conversations and texts of data/'],
  check: ['tools/testing/test.ts', ['--check'], 'types, lint, unit tests and bundles'],
  test: ['tools/testing/test.ts', [], 'all that, the Go tests, and every test that runs a real k6'],
  'test:race': ['tools/testing/test.ts', ['--race'], "the Go tests under Go's race detector"],
  'test:long': ['tools/testing/test.ts', ['--long'], 'the tests that take longer than npm test may'],
  'lint:go': ['tools/build/lint-go.ts', [], 'looks at the Go code, as a linter does'],
  format: ['tools/build/format.ts', [], 'formats TypeScript and Go'],
};

const [name, ...args] = process.argv.slice(2);
const known = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
if (!known) {
  const lines = Object.entries(commands).map(([each, [, , does]]) => `  ${each.padEnd(18)}${does}`);
  const list = `npm run <command> [-- arguments], and -- --help for more of each:\n\n${lines.join('\n')}\n`;
  const asked = name === undefined || name === '--help' || name === '-h';
  (asked ? process.stdout : process.stderr).write(asked ? list : `"${name}" is no command. ${list}`);
  process.exit(asked ? 0 : 2);
}

const [file, always, does] = known;
if (name === 'setup' && args.some((arg) => arg === '--help' || arg === '-h')) {
  process.stdout.write(`npm run setup\n\nThe first step of every other command: ${does}.\n`);
  process.exit(0);
}
await import('./build/setup.mjs');
if (file.endsWith('.ts')) {
  const require = createRequire(import.meta.url);
  require('./build/typescript.cjs');
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  process.argv.splice(1, process.argv.length, path, ...always, ...args);
  // As if the file had been started itself: for it `require.main === module`.
  require('node:module')._load(path, null, true);
}
