import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotListen } from '../../../simulator/http/bind';
import { serviceAccount } from '../../../simulator/providers/google-login';
import { scratch } from '../../programs/scratch';
import { ToolError } from '../../programs/process';
import { unfitPython, venv } from '../../programs/venv';
import { litellmConfig, models } from './litellm-config';

/** Every package of its virtual environment. */
export const lock = 'tools/commands/gateway/litellm.lock';

export interface LiteLLM {
  /** As an OpenAI client's base URL. */
  base: string;
  /** Its master key, made for this start alone. */
  key: string;
  version: string;
  process: ChildProcess;
  /** What it wrote: its own log. */
  log(): string;
  stop(): Promise<void>;
}

/** Why LiteLLM cannot be installed on this machine, in a sentence; "" when it can. */
export const unfit = (): Promise<string> => unfitPython(`LiteLLM (${lock})`);

/**
 * Starts LiteLLM's proxy, one worker, on 127.0.0.1 in front of the simulated providers (`provider`: any address of
 * theirs, as `http://127.0.0.1:8090/v1`), and waits until it has answered on every wire: its first request takes
 * seconds. Its virtual environment is made when it is missing. Throws {@link ToolError} in words.
 */
export async function startLiteLLM(
  provider: string,
  { port = 0, cache = false }: { port?: number; cache?: boolean } = {},
): Promise<LiteLLM> {
  const reason = await unfit();
  if (reason) throw new ToolError(reason);
  const bin = await venv('litellm', lock);
  const key = `sk-${randomBytes(12).toString('hex')}`;
  const folder = scratch();
  const config = join(folder, 'config.yaml');
  const logFile = join(folder, 'litellm.log');
  const account = join(folder, 'account.json');
  const { origin } = new URL(provider);
  writeFileSync(account, JSON.stringify(serviceAccount(`${origin}/token`)), { mode: 0o600 });
  writeFileSync(config, JSON.stringify(litellmConfig(origin, key, account, cache), null, 2));
  const at = await free(port);
  const args = [
    '--config',
    config,
    '--host',
    '127.0.0.1',
    '--port',
    String(at),
    '--num_workers',
    '1',
    '--telemetry',
    'False',
  ];
  const child = spawn(join(bin, 'litellm'), args, {
    stdio: ['ignore', openSync(logFile, 'w'), openSync(logFile, 'a')],
    env: environment(),
  });
  const gateway: LiteLLM = {
    base: `http://127.0.0.1:${at}/v1`,
    key,
    version: /^litellm==(.+)$/m.exec(readFileSync(lock, 'utf8'))?.[1] ?? '',
    process: child,
    log: () => readFileSync(logFile, 'utf8'),
    async stop() {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      // It waits for streams under way, also for those that will never end.
      const kill = setTimeout(() => child.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(kill);
    },
  };
  try {
    await Promise.race([warm(gateway), failure(child, gateway.log)]);
  } catch (error) {
    await gateway.stop();
    throw error;
  }
  return gateway;
}

/** Only what a program needs: a proxy, a key or a region of this shell would change what is measured. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => ['PATH', 'HOME', 'TMPDIR', 'LANG'].includes(name));
  // The local cost map keeps it off the internet.
  return {
    ...Object.fromEntries(kept),
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    LITELLM_TELEMETRY: 'False',
    NO_DOCS: 'True',
    DISABLE_ADMIN_UI: 'True',
    PYTHONUNBUFFERED: '1',
  };
}

/**
 * A free port, or the one asked for if it is free: LiteLLM itself would take another one and not say so. Throws
 * {@link ToolError}.
 */
export async function free(port: number): Promise<number> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return (probe.address() as AddressInfo).port;
  } catch (error) {
    throw new ToolError(cannotListen(error as Error, '127.0.0.1', port, { port: '--port' }));
  } finally {
    probe.close();
  }
}

async function failure(child: ChildProcess, log: () => string): Promise<never> {
  const [code] = (await Promise.race([once(child, 'exit'), once(child, 'error')])) as [number | null | Error];
  throw new ToolError(
    `LiteLLM ended (${code instanceof Error ? code.message : code}) before it was ready; it said: ${lastWords(log())}`,
  );
}

function lastWords(log: string): string {
  return log.trim().split('\n').slice(-5).join('\n') || 'nothing';
}

async function warm({ base, key, log }: LiteLLM): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const post = (route: string, body: object) => ({
    url: `${base}/${route}`,
    init: { method: 'POST', headers, body: JSON.stringify(body) },
  });
  const messages = [{ role: 'user', content: 'hello' }];
  const requests = [
    { url: `${base}/models`, init: { headers } },
    ...Object.values(models.chat).map((model) =>
      post('chat/completions', { model, messages, stream: true, max_tokens: 5 }),
    ),
    ...Object.values(models.embedding).map((model) => post('embeddings', { model, input: 'hello' })),
  ];
  const until = Date.now() + 90_000;
  for (const { url, init } of requests) {
    let said = '';
    while (Date.now() < until) {
      said = await attempt(url, init);
      if (said === '') break;
      await sleep(250);
    }
    if (said !== '')
      throw new ToolError(`LiteLLM did not answer ${url} within 90 s (${said}); it said: ${lastWords(log())}`);
  }
}

/** "" when the answer came whole and good, else what was wrong with it. */
async function attempt(url: string, init: RequestInit): Promise<string> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) });
    await answer.text();
    return answer.ok ? '' : `status ${answer.status}`;
  } catch (error) {
    return (error as Error).message;
  }
}
