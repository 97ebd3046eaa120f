// The pages that report/ draws: one HTML text each, with script and style in it.
import { readFileSync } from 'node:fs';
import { build, transform } from 'esbuild';

/** Bundles a script of report/ with its charts, and the style. Throws esbuild's own errors. */
async function parts(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
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
  const licence = readFileSync('node_modules/uplot/LICENSE', 'utf8').replaceAll('--', '- -').trim();
  return { script: outputFiles[0].text.replaceAll('</script', '<\\/script').trim(), style: style.trim(), licence };
}

/** `connect`: where the page's script may ask. */
function page({ script, style, licence }, { title, body, connect = '' }) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:${connect}">
<link rel="icon" href="data:,"><title>${title}</title>
<style>${style}</style></head>
<body>${body}
<!-- The charts are drawn by uPlot.
${licence}
-->
<script>${script}</script>
</body></html>
`;
}

/** The report's page without content, which lib/report fills in. */
export const pageTemplate = async () =>
  page(await parts('report/main.ts'), {
    title: '<!--title-->',
    body: `<noscript>This report is drawn by a script in the page, and scripts are switched off. npm run report -- RUN --format md writes the same as text.</noscript>
<script type="application/json" id="report"><!--document--></script>`,
  });

/** The page of npm run live: what it shows comes from the server that serves it. */
export const livePage = async () =>
  page(await parts('report/live.ts'), {
    title: 'gsai-perf',
    body: '<noscript>This page is drawn by a script, and scripts are switched off. The terminal tells the same in lines.</noscript>',
    connect: "; connect-src 'self'",
  });
