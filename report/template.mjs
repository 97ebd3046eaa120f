// The report's page without content: one HTML text with script and style in it, which lib/report fills in.
import { readFileSync } from 'node:fs';
import { build, transform } from 'esbuild';

/** Bundles report/main.ts with its charts. Throws esbuild's own errors. */
export async function pageTemplate() {
  const { outputFiles } = await build({
    entryPoints: ['report/main.ts'],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none', // uPlot's licence stands in the page as a whole
    logLevel: 'warning',
    write: false,
  });
  const sheet =
    readFileSync('node_modules/uplot/dist/uPlot.min.css', 'utf8') + readFileSync('report/style.css', 'utf8');
  const { code: style } = await transform(sheet, { loader: 'css', minify: true });
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script');
  const licence = readFileSync('node_modules/uplot/LICENSE', 'utf8').replaceAll('--', '- -').trim();
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title><!--title--></title>
<style>${style.trim()}</style></head>
<body><noscript>This report is drawn by a script in the page, and scripts are switched off. npm run report -- RUN --format md writes the same as text.</noscript>
<script type="application/json" id="report"><!--document--></script>
<!-- The charts are drawn by uPlot.
${licence}
-->
<script>${script.trim()}</script>
</body></html>
`;
}
