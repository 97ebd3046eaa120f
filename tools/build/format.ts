import { runCommand } from '../programs/command';
import { run } from '../programs/process';

const help = `npm run format

Formats TypeScript (biome, 120 columns) and Go (gofmt). npm run check refuses what is not formatted.`;

async function main(): Promise<number> {
  const typescript = await run('npx', ['biome', 'format', '--write']);
  const go = await run('gofmt', ['-w', 'xk6-sse', 'bench/client']);
  return typescript || go;
}

if (require.main === module) void runCommand(help, main);
