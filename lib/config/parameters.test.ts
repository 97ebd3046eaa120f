import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance, givenNames } from './names';
import { readParameters } from './parameters';
import { merged, ParameterError, seconds } from './reading';
import { parameterTable, simulatorKey, simulatorUrl } from './table';

const noFile = () => {
  throw new Error('no such file');
};

test("with no parameter a script runs against the simulator, with the simulator's key", () => {
  const p = readParameters({}, noFile);
  assert.equal(p.baseUrl, simulatorUrl);
  assert.deepEqual(p.apiKeys, [simulatorKey]);
  assert.deepEqual([p.scale, p.timeScale, p.rate, p.vus, p.duration], [1, 1, undefined, undefined, undefined]);
});

test('what answers may make the generator hold has limits, and each can be changed', () => {
  const usual = { event: 16, document: 64, unpacked: 64, contents: 1_000_000, memory: 96 };
  assert.deepEqual(readParameters({}, noFile).limits, usual);
  assert.deepEqual(readParameters({ EVENT_LIMIT: '0.5', CONTENT_LIMIT: '10' }, noFile).limits, {
    ...usual,
    event: 0.5,
    contents: 10,
  });
});

const refused: [Record<string, string>, RegExp][] = [
  [{ RATE: 'fast' }, /^RATE=fast is wrong: a number above 0/],
  [{ RATE: '' }, /^RATE="" is wrong/],
  [{ RATE: '0' }, /^RATE=0 is wrong/],
  [{ RATE: 'Infinity' }, /^RATE=Infinity is wrong/],
  [{ RATE: '5', SCALE: '2' }, /RATE and SCALE are both given/],
  [{ EVENT_LIMIT: '0' }, /^EVENT_LIMIT=0 is wrong: a number of MiB above 0/],
  [{ MEMORY_LIMIT: 'all' }, /^MEMORY_LIMIT=all is wrong/],
  [{ CONTENT_LIMIT: '1.5' }, /^CONTENT_LIMIT=1.5 is wrong: a whole number/],
  [{ VUS: '2.5' }, /^VUS=2.5 is wrong: a whole number/],
  [{ VUS: '-1' }, /^VUS=-1 is wrong/],
  [{ DURATION: '30' }, /^DURATION=30 is wrong: a duration above zero like 30s/],
  [{ DURATION: '0s' }, /^DURATION=0s is wrong/],
  [{ DURATION: '1m', TIME_SCALE: '0.1' }, /DURATION and TIME_SCALE are both given/],
  [{ SCALE: '0' }, /^SCALE=0 is wrong/],
  [{ ARRIVALS: 'random' }, /^ARRIVALS=random is wrong: constant or poisson/],
  [{ ARRIVALS: 'gamma' }, /^ARRIVALS=gamma is wrong: constant or poisson is wanted, or gamma with a number/],
  [{ ARRIVALS: 'gamma:0' }, /^ARRIVALS=gamma:0 is wrong/],
  [{ SEED: '-3' }, /^SEED=-3 is wrong/],
  [{ MODEL: '' }, /^MODEL="" is wrong/],
  [{ MODELS: 'a,,b' }, /^MODELS=a,,b is wrong/],
  [{ MODEL: 'a', MODELS: 'b' }, /MODEL and MODELS are both given/],
  [{ BASE_URL: 'localhost:8080' }, /^BASE_URL=localhost:8080 is wrong/],
  [{ BASE_URL: 'http://h:99999/v1', API_KEY: 'k' }, /^BASE_URL=.* is wrong/],
  [{ BASE_URL: 'http://h/v1/chat/completions', API_KEY: 'k' }, /must end before \/chat\/completions/],
  [{ BASE_URL: 'http://user:pw@h/v1' }, /^BASE_URL holds a user name or password/],
  [{ BASE_URL: 'http://user:pw@h?x=1' }, /^BASE_URL holds a user name or password/],
  [
    { BASE_URL: 'http://h/v1?key=abc', API_KEY: 'k' },
    /^BASE_URL holds a key in its query \(key\): (?!.*abc).*AUTH=header/,
  ],
  [{ BASE_URL: 'http://h/v1?a=1&Subscription-Key=abc' }, /^BASE_URL holds a key in its query \(Subscription-Key\)/],
  [{ BASE_URL: 'http://h/v1/embeddings?a=1', API_KEY: 'k' }, /must end before \/embeddings/],
  [{ HEADERS: 'x-team: perf' }, /^HEADERS is wrong: it is not JSON/],
  [{ HEADERS: '["x"]' }, /^HEADERS is wrong: a JSON object like/],
  [{ HEADERS: '{"a b":"x"}' }, /^HEADERS is wrong: "a b" is no name of a header/],
  [{ HEADERS: '{"x":"a\\nb"}' }, /^HEADERS is wrong: the value of x must be a text of one line/],
  [{ HEADERS: '{"x":5}' }, /^HEADERS is wrong: the value of x must be a text/],
  [{ HEADERS: '{"Host":"x"}' }, /^HEADERS is wrong: Host follows from the address/],
  [{ HEADERS: '@gone.json' }, /^HEADERS=@gone.json is wrong: no such file/],
  [{ BODY: '{"temperature":' }, /^BODY is wrong: it is not JSON/],
  [{ BODY: '5' }, /^BODY is wrong: a JSON object/],
  [{ STREAM_OPTIONS: 'off' }, /^STREAM_OPTIONS=off is wrong: usage or none is wanted/],
  [{ MAX_TOKENS_FIELD: 'a.b' }, /^MAX_TOKENS_FIELD=a.b is wrong/],
  [{ FIRST_TIMEOUT: '45' }, /^FIRST_TIMEOUT=45 is wrong: a duration above zero/],
  [{ FIRST_TIMEOUT: '5m', TOTAL_TIMEOUT: '2m' }, /^FIRST_TIMEOUT=5m is wrong: it is longer than TOTAL_TIMEOUT=2m/],
  [{ DRAIN: 'long' }, /^DRAIN=long is wrong/],
  [{ KINDS: 'chat,images' }, /^KINDS=chat,images is wrong: a list of chat, embedding, models/],
  [{ PROMPTS: 'a', PROMPT_TOKENS: '5' }, /^PROMPTS and PROMPT_TOKENS are both given/],
  [{ UNIQUE: 'yes' }, /^UNIQUE=yes is wrong: prefix or suffix is wanted/],
  [{ BATCH: '0' }, /^BATCH=0 is wrong/],
  [{ BATCH: '32-1' }, /^BATCH=32-1 is wrong: a whole number or a range/],
  [{ AUTH: 'basic' }, /^AUTH=basic is wrong: bearer, header:NAME/],
  [{ AUTH: 'header:a b' }, /^AUTH=header:a b is wrong/],
  [{ AUTH: 'query:key' }, /^AUTH=query:key is refused: a key in an address is written into the logs/],
  [{ AUTH: 'none', API_KEY: 'k' }, /^AUTH=none and API_KEY are both given/],
  [{ AUTH: 'oauth' }, /^OAUTH_TOKEN_URL is missing: AUTH=oauth needs it/],
  [{ OAUTH_CLIENT_ID: 'x' }, /^OAUTH_CLIENT_ID is given with AUTH=bearer: it belongs to AUTH=oauth/],
  [{ AUTH: 'sigv4', AWS_REGION: 'r' }, /^AWS_ACCESS_KEY_ID is missing/],
  [{ TOKEN_FILE: 'f', API_KEY: 'k' }, /^TOKEN_FILE and API_KEY are both given/],
  [{ TOKEN_EVERY: '5' }, /^TOKEN_EVERY is given without TOKEN_COMMAND/],
  [{ INSECURE: 'yes' }, /^INSECURE=yes is wrong: true or false is wanted/],
  [{ CERT_FILE: 'a.pem' }, /^CERT_FILE and KEY_FILE belong together/],
  [{ CA_FILE: 'gone.pem' }, /^CA_FILE=gone.pem is wrong: no such file/],
  [{ BASE_URL: 'http://gateway/v1' }, /^API_KEY is missing: http:\/\/gateway\/v1 is not the simulator/],
  [{ API_KEY: 'two words' }, /^API_KEY is wrong: a key has no spaces/],
  [{ API_KEY: 'a', API_KEYS_FILE: 'b' }, /API_KEY and API_KEYS_FILE are both given/],
  [{ API_KEYS_FILE: 'gone.txt' }, /^API_KEYS_FILE=gone.txt is wrong: no such file/],
  [{ MAX_TOKENS: '1e400' }, /^MAX_TOKENS=1e400 is wrong/],
  [{ METRICS_URLS: 'x/metrics' }, /^METRICS_URLS=x\/metrics is wrong: an address like/],
  [{ METRICS_URLS: 'http://x/metrics?token=1' }, /^METRICS_URLS holds a key in its query/],
  [{ REQUESTS: 'some' }, /^REQUESTS=some is wrong: none, all, sample or failed is wanted/],
  // TRACES_URL with a password went into run.json, the table and report.html, as a link for each trace.
  [
    { TRACES: 'w3c', TRACES_URL: 'http://u:geheim@j/t/{id}' },
    /^TRACES_URL holds a user name or password: (?!.*geheim)/,
  ],
  [
    { TRACES: 'w3c', TRACES_URL: 'https://j/t/{id}?token=geheim' },
    /^TRACES_URL holds a key in its query \(token\): (?!.*geheim)/,
  ],
  [{ PROVIDER_URL: 'http://u:geheim@h:8090/v1' }, /^PROVIDER_URL holds a user name or password: (?!.*geheim)/],
  [{ PROVIDER_URL: 'http://h/v1?api_key=geheim' }, /^PROVIDER_URL holds a key in its query \(api_key\): (?!.*geheim)/],
  [
    { METRICS_URLS: 'http://a/metrics,http://b/m?sig=geheim' },
    /^METRICS_URLS holds a key in its query \(sig\): (?!.*geheim)/,
  ],
  [{ METRICS_URLS: 'http://geheim@b/m' }, /^METRICS_URLS holds a user name or password: (?!.*geheim)/],
  [{ METRICS_URLS: 'db=http://user:secret@x/metrics' }, /^METRICS_URLS holds a user name or password: (?!.*secret)/],
  [{ METRICS_URLS: 'http://x/a,http://x/b' }, /two pages are called x; give each a name, as gateway=http:\/\/x\/b/],
  [
    { METRICS_URLS: 'http://x/metrics', METRICS_INTERVAL: '0.5s' },
    /^METRICS_INTERVAL=0.5s is wrong: a duration from 1s to 60s/,
  ],
  [{ METRICS_INTERVAL: '1s' }, /^METRICS_INTERVAL is given without METRICS_URLS/],
  [{ METRICS_MAP: 'target_queue=q' }, /^METRICS_MAP is given without METRICS_URLS/],
  [
    { METRICS_URLS: 'http://x/m', METRICS_MAP: 'queue=q' },
    /^METRICS_MAP=queue=q is wrong: one of our names and one of the page is wanted/,
  ],
  [{ RESTART_URL: 'localhost/restart' }, /^RESTART_URL=localhost\/restart is wrong: an http\(s\) address/],
  [{ RECORD: '/no/such/run.json' }, /^RECORD=\/no\/such\/run.json is wrong: the run.json of an earlier run is wanted/],
];

for (const [env, sentence] of refused) {
  test(`refused: ${JSON.stringify(env)}`, () => {
    assert.throws(
      () => readParameters(env, noFile),
      (error: unknown) => error instanceof ParameterError && sentence.test(error.message),
    );
  });
}

test('a key is never part of a message', () => {
  assert.throws(
    () => readParameters({ API_KEY: 'sk-secret with space' }, noFile),
    (error: unknown) => error instanceof ParameterError && !error.message.includes('sk-secret'),
  );
});

test('keys from a file, comments and blank lines left out; an empty file is refused', () => {
  const p = readParameters({ API_KEYS_FILE: 'keys' }, () => '# agencies\nkey-a\r\n\nkey-b\n');
  assert.deepEqual(p.apiKeys, ['key-a', 'key-b']);
  assert.throws(() => readParameters({ API_KEYS_FILE: 'keys' }, () => '\n'), /it holds no key/);
  assert.equal(p.keyWeights, undefined);
  const weighed = readParameters({ API_KEYS_FILE: 'keys' }, () => 'key-a 8\nkey-b\t0.5\nkey-c\n');
  assert.deepEqual(
    [weighed.apiKeys, weighed.keyWeights],
    [
      ['key-a', 'key-b', 'key-c'],
      [8, 0.5, 1],
    ],
  );
  assert.equal(readParameters({ API_KEYS_FILE: 'keys' }, () => 'a 3\nb 3\n').keyWeights, undefined, 'all alike');
  for (const wrong of ['key-a 0', 'key-a 8 9', 'key-a eight', 'key-a -1'])
    assert.throws(
      () => readParameters({ API_KEYS_FILE: 'keys' }, () => `first\n${wrong}\n`),
      (error: unknown) =>
        error instanceof ParameterError && /line 2.*API_KEYS_FILE/.test(error.message) && !/key-a/.test(error.message),
    );
});

test("k6's secret source gives the key where no parameter does", () => {
  assert.deepEqual(readParameters({ BASE_URL: 'http://gateway/v1' }, noFile, 'from-a-vault').apiKeys, ['from-a-vault']);
  assert.deepEqual(readParameters({ BASE_URL: 'http://gateway/v1', API_KEY: 'mine' }, noFile, 'from-a-vault').apiKeys, [
    'mine',
  ]);
});

test('API_KEY=none is a gateway without keys', () => {
  assert.deepEqual(readParameters({ BASE_URL: 'http://gateway:4000', API_KEY: 'none' }, noFile).apiKeys, []);
});

test('durations as k6 writes them', () => {
  assert.deepEqual(['30s', '5m', '1h30m', '250ms', '1.5m', 'x', '', '5', '-5s'].map(seconds), [
    30,
    300,
    5400,
    0.25,
    90,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

const byE = () => false;
const ofTheShell = () => true;

test('DURATON=5s ran the whole plan, and SCAL=0.1 ten times the load: a name close to a parameter is a misspelling of it', () => {
  const given = { DURATON: '5s', SCAL: '0.1', MODLE: 'x', duration: '5s', API_KEYS: 'k', VU: '1', BASEURL: 'u' };
  assert.deepEqual(givenNames(given, byE).misspelt, [
    ['DURATON', 'DURATION'],
    ['SCAL', 'SCALE'],
    ['MODLE', 'MODEL'],
    ['duration', 'DURATION'],
    ['API_KEYS', 'API_KEY'],
    ['VU', 'VUS'],
    ['BASEURL', 'BASE_URL'],
  ]);
});

test('another name in capitals is unknown, and a name in small letters is nobody’s concern', () => {
  const given = { TEMPERATURE: '1', USERS: '5', K6_VUS: '3', comment: 'x', RATE: '1', MERGE: 'a' };
  assert.deepEqual(givenNames(given, byE), { misspelt: [], unknown: ['TEMPERATURE', 'USERS', 'K6_VUS'], doubtful: [] });
});

test('what is in the environment of the shell anyway stops no run: MODE, USER, K6_VUS', () => {
  const shell = { MODE: 'x', USER: 'me', HOME: '/', K6_VUS: '3', K6_DURATION: '3s', PATH: '/bin', DURATON: '5s' };
  assert.deepEqual(givenNames(shell, ofTheShell), { misspelt: [], unknown: [], doubtful: [['DURATON', 'DURATION']] });
});

test('the distance of two names counts letters that are missing, too many, wrong, or swapped', () => {
  const pairs: [string, string, number][] = [
    ['', 'AB', 2],
    ['SCAL', 'SCALE', 1],
    ['MODLE', 'MODEL', 1],
    ['RATE', 'DATE', 1],
    ['KITTEN', 'SITTING', 3],
    ['RATE', 'RATE', 0],
  ];
  for (const [one, other, distance] of pairs) {
    assert.equal(editDistance(one, other), distance, `${one} ${other}`);
    assert.equal(editDistance(other, one), distance, `${other} ${one}`);
  }
});

test('the table names every parameter once', () => {
  const names = parameterTable.map((row) => row.name);
  assert.equal(new Set(names).size, names.length);
});

test('the query of BASE_URL is taken apart from the address, to stand behind each route', () => {
  const read = (BASE_URL: string) => {
    const { baseUrl, query } = readParameters({ BASE_URL, API_KEY: 'k' }, noFile);
    return [baseUrl, query];
  };
  assert.deepEqual(read('https://h/openai/?api-version=2024-10-21&a=b%20c'), [
    'https://h/openai',
    '?api-version=2024-10-21&a=b%20c',
  ]);
  assert.deepEqual(read('https://h?x=1'), ['https://h', '?x=1']);
  assert.deepEqual(read('https://h/v1?'), ['https://h/v1', '']);
});

test('good streams of 10 minutes are waited for when the load is over: DRAIN follows from TOTAL_TIMEOUT', () => {
  const read = (env: Record<string, string>) => {
    const { timeouts, drain } = readParameters(env, noFile);
    return [timeouts.first, timeouts.idle, timeouts.total, drain];
  };
  assert.deepEqual(read({}), [30_000, 30_000, 120_000, 125]);
  assert.deepEqual(read({ TOTAL_TIMEOUT: '10m' }), [30_000, 30_000, 600_000, 605]);
  assert.deepEqual(read({ FIRST_TIMEOUT: '3m' }), [180_000, 30_000, 360_000, 365]);
  assert.deepEqual(read({ DRAIN: '10s' }), [30_000, 30_000, 120_000, 10]);
});

test('BODY is merged as RFC 7396 says: null takes away, objects are merged, lists replace', () => {
  assert.deepEqual(merged({ a: 1, b: { c: 1, d: 2 }, e: [1] }, { a: null, b: { c: null, x: { y: null } }, e: [2] }), {
    b: { d: 2, x: {} },
    e: [2],
  });
});

test('fields that only embeddings have go to them, out of BODY; EMBEDDING_BODY wins', () => {
  const { body, embeddingBody } = readParameters(
    { BODY: '{"seed":1,"input_type":"query","dimensions":64}', EMBEDDING_BODY: '{"dimensions":128}' },
    noFile,
  );
  assert.deepEqual(body, { seed: 1 });
  assert.deepEqual(embeddingBody, { input_type: 'query', dimensions: 128 });
});

test('a command of a token is taken apart without a shell', () => {
  const { credentials, apiKeys } = readParameters(
    { BASE_URL: 'http://g/v1', TOKEN_COMMAND: `get "my key" --for='a b' ; $(x)`, AUTH: 'header:api-key' },
    noFile,
  );
  assert.deepEqual(apiKeys, []);
  assert.deepEqual(credentials, {
    header: 'api-key',
    prefix: '',
    command: ['get', 'my key', '--for=a b', ';', '$(x)'],
    every: 300,
  });
});

test('bursty arrivals have their shape behind the name', () => {
  const { arrivals, burstiness } = readParameters({ ARRIVALS: 'gamma:.25' }, noFile);
  assert.deepEqual([arrivals, burstiness], ['gamma', 0.25]);
});
