import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { run, ToolError } from '../programs/process';

/** An operating system and a processor, by Go's names. */
export interface Platform {
  os: 'linux' | 'darwin' | 'windows';
  arch: 'amd64' | 'arm64';
}

/** Changes whenever something that k6 is made of does: Go sources and pinned modules; not with the machine. */
export function k6Sources(): string {
  const hash = createHash('sha256');
  const files = readdirSync('xk6-sse', { recursive: true, encoding: 'utf8' })
    .filter((file) => /(\.go|go\.mod|go\.sum)$/.test(file) && !file.endsWith('_test.go'))
    .map((file) => file.replaceAll(sep, '/'));
  // A checkout on Windows may end its lines otherwise.
  for (const file of files.sort())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join('xk6-sse', file), 'utf8').replaceAll('\r', ''))
      .update('\0');
  return hash.digest('hex');
}

/** What `go build` writes into the binary, so that anyone can see of which sources it is made: see {@link takeK6}. */
export const buildId = (sources: string): string => `gsai-perf/${sources}`;

/**
 * The environment in which everything of Go is compiled here: then k6, its tests, `go vet` and the linter share what is
 * compiled of k6's own packages, which is most of it.
 */
export const goEnv: Readonly<Record<string, string | undefined>> = {
  ...process.env,
  CGO_ENABLED: '0',
  GOFLAGS: `${process.env.GOFLAGS ?? ''} -trimpath`.trim(),
};

/**
 * Compiles k6 with the extension, the same bytes from the same sources and Go version: without cgo, paths of this
 * machine, or the state of git. Throws {@link ToolError}.
 */
export async function compileK6(output: string, platform?: Platform): Promise<void> {
  const flags = ['-buildvcs=false', `-ldflags=-s -w -buildid=${buildId(k6Sources())}`];
  const target = platform && { GOOS: platform.os, GOARCH: platform.arch, GOAMD64: 'v1', GOARM64: 'v8.0' };
  const code = await run('go', ['build', ...flags, '-o', output, './cmd/k6'], {
    cwd: 'xk6-sse',
    env: { ...goEnv, ...target },
  });
  if (code !== 0) throw new ToolError('k6 could not be built; see above. Is the Go module proxy reachable?');
}
