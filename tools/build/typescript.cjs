// Lets Node read TypeScript, as ts-node does without checking types, and keeps what ts-node made of each file in
// .cache/typescript/, by the file's content: most of the start of a short process was ts-node's own, and npm test starts
// hundreds. Plain JavaScript, because nothing else can be read yet.
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const Module = require('node:module');

const root = join(__dirname, '../..');
const folder = join(root, '.cache/typescript');
const versionOf = (name) => require(`${name}/package.json`).version;
/** What else than its content decides what is made of a file. */
const maker = [
  versionOf('ts-node'),
  versionOf('@swc/core'),
  process.versions.node,
  readFileSync(join(root, 'tsconfig.json'), 'utf8'),
].join('\n');

let tsNode;

/** What ts-node makes of a file: JavaScript with its source map. */
function compiled(source, file) {
  tsNode ??= require('ts-node').create({ transpileOnly: true, cwd: root });
  return tsNode.compile(source, file);
}

const day = 86_400_000;

/** A file's time is that of its last use, to a day: clear-cache.ts removes those that nobody uses any more. */
function noteUse(path) {
  try {
    const now = Date.now();
    if (now - statSync(path).mtimeMs > day) utimesSync(path, now / 1000, now / 1000);
  } catch {
    // It was cleared at this moment, or is another user's.
  }
}

function kept(source, file) {
  // The path is part of it, because it is in the source map.
  const path = join(folder, `${createHash('sha256').update(`${maker}\0${file}\0${source}`).digest('hex')}.js`);
  try {
    const code = readFileSync(path, 'utf8');
    noteUse(path);
    return code;
  } catch {
    const code = compiled(source, file);
    mkdirSync(folder, { recursive: true });
    // Beside and renamed: another process may read it at this moment.
    writeFileSync(`${path}.${process.pid}`, code);
    renameSync(`${path}.${process.pid}`, path);
    return code;
  }
}

process.setSourceMapsEnabled(true);
Module._extensions['.ts'] = (module, file) => module._compile(kept(readFileSync(file, 'utf8'), file), file);
