import { startSimulator } from '../../programs/simulator';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { startLiteLLM } from './litellm';
import { models } from './litellm-config';

const help = `npm run gateway:litellm [-- --port 4000] [-- --provider http://127.0.0.1:8090/v1]

A real gateway as target: installs LiteLLM's proxy into .venv/litellm (once; Python 3.11 or newer), starts the simulated providers and
LiteLLM in front of them on 127.0.0.1, waits until it is warm, and prints what to run against it. Ctrl-C stops both.

  --port N         LiteLLM's port (any free one)
  --provider URL   simulated providers that run already, as \`npm run simulator\` prints their address`;

function options(args: readonly string[]): { port: number; provider?: string } {
  const given: Record<string, string> = {};
  for (let i = 0; i < args.length; i += 2) {
    const [name, value] = [args[i]!, args[i + 1]];
    if (name !== '--port' && name !== '--provider')
      throw new ToolError(`${name} is no option of gateway:litellm; see --help`);
    if (value === undefined) throw new ToolError(`${name} needs a value; see --help`);
    given[name] = value;
  }
  const port = Number(given['--port'] ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new ToolError(`--port is "${given['--port']}", but must be a whole number from 0 to 65535`);
  const provider = given['--provider'];
  if (provider !== undefined && !(URL.canParse(provider) && /^https?:$/.test(new URL(provider).protocol)))
    throw new ToolError(`--provider is "${provider}", but must be an address such as http://127.0.0.1:8090/v1`);
  return { port, provider };
}

async function main(args: readonly string[]): Promise<number> {
  const { port, provider } = options(args);
  // Ctrl-C reaches the children as well (same terminal); they are waited for below.
  const interrupted = new Promise<string>((resolve) => {
    process.on('SIGINT', () => resolve(''));
    process.on('SIGTERM', () => resolve(''));
  });
  const simulator = provider === undefined ? await startSimulator() : undefined;
  try {
    const behind = provider ?? simulator!.provider;
    const gateway = await startLiteLLM(behind, { port });
    try {
      const run = (script: string, more = '') =>
        `  bin/k6 run dist/${script}.js -e BASE_URL=${gateway.base} -e API_KEY=${gateway.key}${more}\n`;
      const truth = ` -e PROVIDER_URL=${behind}`;
      const { chat, embedding } = models;
      const paid = ` -e MODELS=${chat.bedrock},${chat.vertex}`;
      process.stdout.write(
        `LiteLLM ${gateway.version} ready: BASE_URL=${gateway.base} API_KEY=${gateway.key}, providers behind it ${behind}\n\n`,
      );
      process.stdout.write(
        run('smoke') +
          run('ttft', ' -e DURATION=2m') +
          run('overhead', `${truth} -e MODELS=${Object.values(chat).join(',')} -e DURATION=1m`),
      );
      process.stdout.write(
        run('failover', `${truth} -e MODEL=${models.fallback} -e TIME_SCALE=0.2`) +
          run('bulkhead', `${truth} -e TIME_SCALE=0.2`),
      );
      process.stdout.write(
        run('cost', `${truth}${paid} -e DURATION=1m`) + run('providers', `${truth} -e DURATION=90s`),
      );
      process.stdout.write(
        `\nMODEL, or EMBEDDING_MODEL, chooses the provider's protocol: ${Object.entries(chat)
          .map(([wire, model]) => `${wire} ${model}, ${embedding[wire as keyof typeof embedding]}`)
          .join('; ')}\n`,
      );
      process.stdout.write(
        `${models.fallback} is on Bedrock with a fallback on Vertex AI, ${models.balanced} has two deployments, and ${models.limited} has a rate limit.\nctrl-C stops both.\n`,
      );
      const ended = new Promise<string>((resolve) =>
        gateway.process.once('exit', (code) =>
          resolve(`LiteLLM ended with ${code}; it said:\n${gateway.log().slice(-2000)}`),
        ),
      );
      const reason = await Promise.race([interrupted, ended]);
      if (reason) throw new ToolError(reason);
    } finally {
      await gateway.stop();
    }
  } finally {
    await simulator?.stop();
  }
  return 0;
}

if (require.main === module) void runCommand(help, main);
