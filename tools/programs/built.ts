import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gone } from './scratch';

/** k6 and the scripts, as they were built: those of the project, or a copy of them. */
export interface Built {
  /** The path of k6. */
  k6: string;
  /** The path of a script, by its name. */
  script(name: string): string;
  /** What k6 says of a script, with the path that the user knows in place of the copy's. */
  shown(text: string): string;
}

/** Those of the project, which the next build replaces. */
export const built: Built = { k6: 'bin/k6', script: (name) => `dist/${name}.js`, shown: (text) => text };

/** Where copies are kept, beside the project's own files, so that a link can take the place of a copy. */
const copies = '.cache/built';

/** What a script reads beside itself when it starts; the paths count from dist/. */
const readBeside = /^(data\/.*\.json|\.cache\/calibration\.json)$/;

/**
 * A copy of k6 and the scripts as they are now: whoever runs many scripts one after the other runs the same ones to the
 * end, also where the project is built anew meanwhile. It is gone when this process ends; what a process that was
 * killed has left is removed by the next one. `root` is the project's folder.
 */
export function builtNow(root = '.'): Built {
  const parent = join(root, copies);
  mkdirSync(parent, { recursive: true });
  for (const left of readdirSync(parent))
    if (!isRunning(Number(left.split('-')[0]))) rmSync(join(parent, left), { recursive: true, force: true });
  const folder = gone(mkdtempSync(join(parent, `${process.pid}-`)));
  const files = [
    'bin/k6',
    ...list(root, 'dist').filter((file) => /\.js(\.map)?$/.test(file)),
    ...[...list(root, 'data'), '.cache/calibration.json'].filter((file) => readBeside.test(file)),
  ];
  for (const file of files.filter((each) => existsSync(join(root, each)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    // A build puts new files in the place of k6 and of the scripts; what else is there may be written over.
    (/^(bin|dist)\//.test(file) ? linked : copyFileSync)(join(root, file), join(folder, file));
  }
  return {
    k6: join(folder, 'bin/k6'),
    script: (name) => join(folder, `dist/${name}.js`),
    shown: (text) => text.replaceAll(`${folder}/`, ''),
  };
}

const list = (root: string, folder: string) =>
  existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}`) : [];

function linked(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to); // a file system without links
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
