// The first step of every command on a fresh machine: checks Node and Go, installs node_modules when they are missing
// or old. Plain JavaScript, because ts-node is among what it installs.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

if (Number(process.versions.node.split('.')[0]) < 20)
  stop(`Node ${process.versions.node} is too old: 20 or newer is needed.`);

// Go is not needed where k6 is there already, built or released (build.ts sees whether it is the right one).
const go = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
if (go.error && !process.env.K6_BINARY && !existsSync('bin/k6'))
  stop(
    'Go is not on the PATH: version 1.24 or newer is needed to build k6 with its extension. ' +
      'Without Go, name the k6 of a released archive of this version: K6_BINARY=path/to/k6.',
  );
if (!go.error) {
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(go.stdout) ?? [];
  if (major === undefined || Number(major) < 1 || (Number(major) === 1 && Number(minor) < 24))
    stop(`Go ${go.stdout.trim()} is too old: 1.24 or newer is needed.`);
}

const installed = 'node_modules/.package-lock.json';
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync('package-lock.json').mtimeMs) {
  process.stderr.write('installing the packages of package-lock.json ...\n');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (npm.status !== 0) stop('npm ci failed; see above. Is the package registry reachable?');
}
