import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, ToolError } from '../programs/process';
import type { Platform } from '../build/compile';

/** A piece of somebody else's that is in an archive. */
export interface Part {
  /** With its version, as tar-stream@3.2.2. */
  name: string;
  /** Where its files lie on this machine. */
  folder: string;
}

/** npm packages by their folders. */
export const packageParts = (folders: readonly string[]): Part[] =>
  folders.map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
    return { name: `${name}@${version}`, folder };
  });

/** Go modules that k6 for a platform is made of, and Go's own library. Throws {@link ToolError}. */
export async function moduleParts({ os, arch }: Platform): Promise<Part[]> {
  const go = async (...args: string[]) => {
    const { code, stdout, stderr } = await capture('go', args, {
      cwd: 'xk6-sse',
      env: { ...process.env, CGO_ENABLED: '0', GOOS: os, GOARCH: arch },
    });
    if (code !== 0) throw new ToolError(`the modules of k6 cannot be listed: ${stderr.trim()}`);
    return stdout.trim();
  };
  const [version, root] = (await go('env', 'GOVERSION', 'GOROOT')).split('\n');
  const format = '{{with .Module}}{{if not .Main}}{{.Path}}@{{.Version}}\t{{.Dir}}{{end}}{{end}}';
  const lines = new Set((await go('list', '-deps', '-f', format, './cmd/k6')).split('\n').filter(Boolean));
  const modules = [...lines]
    .map((line) => line.split('\t'))
    .map(([name, folder]) => ({ name: name!, folder: folder! }));
  return [...modules, { name: `the Go standard library ${version}`, folder: root! }];
}

const line = '='.repeat(80);

/** The licence texts of all parts, one after the other; a part without any is named at the top. */
export function licenceTexts(parts: readonly Part[]): string {
  const sorted = [...parts].sort((a, b) => (a.name < b.name ? -1 : 1));
  const texts = sorted.map((part) => ({ ...part, texts: textsOf(part.folder) }));
  const without = texts.filter((part) => part.texts.length === 0).map(({ name }) => name);
  const missing =
    without.length > 0 ? `\nThese come without a licence text in their package: ${without.join(', ')}.\n` : '';
  const sections = texts.flatMap(({ name, texts }) => texts.map((text) => `${line}\n${name}\n${line}\n\n${text}\n`));
  return `What this archive holds of others, and under which licences. gsai-perf itself: see LICENSE.\n${missing}\n${sections.join('\n')}`;
}

function textsOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((file) => file.isFile() && /^(licen[cs]e|notice|copying|copyright|patents)\b/i.test(file.name))
    .map((file) => readFileSync(join(folder, file.name), 'utf8').replaceAll('\r', '').trim());
}
