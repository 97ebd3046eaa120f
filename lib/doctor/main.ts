// npm run doctor: asks a gateway a dozen questions, one request each, prints what works, and writes a target file.
import exec from 'k6/execution';
import { configure, refuse, writeFiles } from 'k6/x/sse';
import { ParameterError, readParameters, type Parameters, type TargetFile } from '../config';
import { environmentOfRun, openFromHere, routeOf, secretKey } from '../run';
import * as questions from './questions';
import type { Finding, Patient } from './questions';
import { startingFile, table } from './report';

const p = read();
configure({
  metrics: [],
  slotSeconds: 1,
  gapSamples: 0,
  ca: p.tls.pem.ca,
  credentials: p.credentials,
  route: routeOf(p),
});

function read(): Parameters {
  try {
    return readParameters(environmentOfRun(), openFromHere, secretKey);
  } catch (error) {
    if (error instanceof ParameterError) return refuse(error.message);
    throw error;
  }
}

const { insecure, pem } = p.tls;
export const options = {
  scenarios: {
    doctor: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '30m', gracefulStop: '0s' },
  },
  ...(insecure ? { insecureSkipTLSVerify: true } : {}),
  ...(pem.cert ? { tlsAuth: [{ cert: pem.cert, key: pem.key, password: pem.password }] } : {}),
};

export default function (): void {
  const patient: Patient = { p, chat: p };
  const found: Finding[] = [questions.way(patient), questions.models(patient), ...questions.chats(patient)];
  const chats = found.some(({ question, works }) => question.startsWith('a chat as a stream') && works);
  if (chats) {
    found.push(
      questions.plain(patient),
      questions.maxTokens(patient),
      questions.tools(patient),
      questions.errors(patient),
      questions.encoding(patient),
      ...questions.connections(patient),
    );
  }
  found.push(...questions.embeddings(patient));
  console.log(`\n${p.baseUrl}${p.query}\n\n${table(found)}`);
  const embeds = found.some(({ question, works }) => question === 'embeddings' && works);
  if (!chats && !embeds) {
    exec.test.fail('the gateway answered neither a chat nor an embedding: see the table');
    return;
  }
  const file: TargetFile = startingFile(p, __ENV, found, chats);
  const failure = writeFiles(p.out, { 'target.json': `${JSON.stringify(file, null, 2)}\n` });
  console.log(
    failure
      ? `the target file cannot be written: ${failure}`
      : `\n${p.out}/target.json is a file to start from: -e TARGET=${p.out}/target.json`,
  );
}

export const handleSummary = () => ({});
