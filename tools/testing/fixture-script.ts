import { basename } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles a k6 script that serves one test, and returns the bundle's path. It lies beside the scripts' bundles, since it
 * finds data/ from there as they do. Throws esbuild's own errors.
 */
export async function bundleFixture(entry: string): Promise<string> {
  const outfile = `dist/${basename(entry, '.ts')}.js`;
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    external: ['k6', 'k6/*'],
    define: { __GSAI_PERF__: '{"version":"test","commit":"test"}', __REPORT_PAGE__: '""' },
    logLevel: 'warning',
  });
  return outfile;
}
