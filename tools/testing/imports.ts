import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { preProcessFile } from 'typescript';

/** Which files of ours a file imports; those that it imports for their types alone too. Paths from the project's root. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** The folders that hold TypeScript of ours. */
export const ours = ['bench', 'dashboards', 'deploy', 'lib', 'report', 'scripts', 'simulator', 'targets', 'tools'];

/** The imports of every TypeScript file in some folders. Throws where an import leads nowhere. */
export function importsOf(folders: readonly string[]): Imports {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  );
  return new Map(
    files.map((file) => {
      const own = preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles.filter(({ fileName }) =>
        fileName.startsWith('.'),
      );
      return [file, own.map(({ fileName }) => found(file, fileName))];
    }),
  );
}

function found(from: string, name: string): string {
  const path = join(dirname(from), name);
  const candidates = [path, `${path}.ts`, `${path}.d.ts`, join(path, 'index.ts')];
  const file = candidates.find((each) => existsSync(each) && statSync(each).isFile());
  if (file === undefined) throw new Error(`${from} imports ${name}, which is no file`);
  return file;
}

/**
 * Files that import each other in a circle: one list for each strongly connected component with more than one file.
 * (R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1(2), 1972.)
 */
export function circles(imports: Imports): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const path: string[] = [];
  const all: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    low.set(file, order.get(file)!);
    path.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (path.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!));
    }
    if (low.get(file) !== order.get(file)) return;
    const component = path.splice(path.indexOf(file));
    if (component.length > 1) all.push(component.sort());
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return all;
}

/** Serves tests only: a test, a fixture beside tests, or a part of tools/testing/. */
const forTests = (file: string) => /\.(test|fixture)\.ts$/.test(file) || file.startsWith('tools/testing/');

/** Each import, as "a imports b", by which a file that is no test depends on what serves tests only. */
export function testsInProduct(imports: Imports): string[] {
  return arrows(imports, (from, to) => !forTests(from) && forTests(to));
}

/**
 * Each import, as "a imports b", that goes from a floor to a higher one. Floors are folders, the lowest first; those in
 * one entry may import each other. Files outside of them, and tests, may import any.
 */
export function upward(imports: Imports, floors: readonly (readonly string[])[]): string[] {
  const floorOf = (file: string) => floors.findIndex((folders) => folders.some((each) => file.startsWith(`${each}/`)));
  return arrows(imports, (from, to) => !forTests(from) && floorOf(from) >= 0 && floorOf(from) < floorOf(to));
}

/**
 * Each import, as "a imports b", of a file of one of these folders from outside of it that is not its face, index.ts.
 * What serves tests only may import another folder's fixture. A JSON file has no face: the schema of run.json is read as
 * it is, also where k6 has no part.
 */
export function pastFaces(imports: Imports, folders: readonly string[]): string[] {
  const folderOf = (file: string) => folders.find((each) => file.startsWith(`${each}/`));
  return arrows(imports, (from, to) => {
    const folder = folderOf(to);
    if (folder === undefined || folder === folderOf(from) || to === join(folder, 'index.ts')) return false;
    return !(forTests(from) && forTests(to)) && !to.endsWith('.json');
  });
}

/** Each import, as "a imports b", from within a folder to outside of it and of what is allowed. */
export function outward(imports: Imports, folder: string, allowed: RegExp): string[] {
  return arrows(
    imports,
    (from, to) => from.startsWith(`${folder}/`) && !forTests(from) && !to.startsWith(`${folder}/`) && !allowed.test(to),
  );
}

function arrows(imports: Imports, wrong: (from: string, to: string) => boolean): string[] {
  return [...imports].flatMap(([from, list]) =>
    list.filter((to) => wrong(from, to)).map((to) => `${from} imports ${to}`),
  );
}

/**
 * Files that only tests import, although their name does not say so: each ends in .fixture.ts or stands in
 * tools/testing/. A program (`require.main === module`) is no such file, nor one that nobody imports.
 */
export function unmarkedFixtures(imports: Imports): string[] {
  const importers = new Map<string, string[]>();
  for (const [from, list] of imports) for (const to of list) importers.set(to, [...(importers.get(to) ?? []), from]);
  return [...importers]
    .filter(([file, from]) => !forTests(file) && from.every(forTests) && !isProgram(file))
    .map(([file]) => file);
}

const isProgram = (file: string) => /require\.main === module/.test(readFileSync(file, 'utf8'));
