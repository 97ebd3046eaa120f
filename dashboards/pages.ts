import type { TargetMetric } from '../lib/metrics';
import { anHour, count, drift, least, mean, most, percentiles, perSecond, sum, type Ask, type Where } from './ask';
import type { Page } from './dashboard';
import { bars, heatmap, histogram, mayBeEmpty, number, series, states, table } from './panels';

const ok: Where = { tag: 'outcome', is: 'ok' };
const failed: Where = { tag: 'outcome', not: 'ok' };
const embeddings: Where = { tag: 'kind', is: 'embedding' };
const turns: Where = { tag: 'size', begins: 'turn-' };
const noErrors = `${mayBeEmpty}a run without a failed request has none.`;
const shareSteps = [
  { value: null, color: 'green' },
  { value: 0.01, color: 'orange' },
  { value: 0.1, color: 'red' },
];

const overview: Page = {
  name: 'overview',
  title: 'overview of a run',
  text: 'One run at a glance: verdict, rate, time to first token, response time, errors. A line on the charts marks the beginning of each phase; another shows the verdict.',
  panels: [
    table({
      title: 'Verdict',
      text: `${mayBeEmpty}it is written when the run has ended.`,
      asks: [{ select: sum('runs'), from: 'llm_verdict', scope: 'run', by: ['run_id', 'verdict'] }],
      span: 8,
      height: 4,
    }),
    number({ title: 'Requests', asks: [{ select: sum('requests'), from: 'llm_finished', whole: true }] }),
    number({
      title: 'Failed',
      asks: [{ select: mean('share'), from: 'llm_stream_error', whole: true }],
      steps: shareSteps,
    }),
    number({ title: 'TTFT p95', asks: [{ select: percentiles(95), from: 'llm_ttft', whole: true }] }),
    number({
      title: 'Goodput',
      text: 'The share of the requests that met every objective that concerns them.',
      asks: [{ select: mean('share'), from: 'llm_goodput', whole: true }],
      steps: [
        { value: null, color: 'red' },
        { value: 0.9, color: 'orange' },
        { value: 0.99, color: 'green' },
      ],
    }),
    states({
      title: 'Phases',
      text: 'There is one row for each phase, coloured by the requests started per second.',
      asks: [{ select: perSecond('started'), from: 'llm_started', by: ['phase'], alias: '$tag_phase' }],
      unit: 'reqps',
      span: 24,
      height: 5,
      steps: [
        { value: null, color: 'light-blue' },
        { value: 50, color: 'blue' },
        { value: 250, color: 'dark-blue' },
      ],
    }),
    series({
      title: 'Time to first token',
      asks: [{ select: percentiles(50, 95, 99), from: 'llm_ttft' }],
      slo: 'p95',
      interval: 95,
    }),
    series({
      title: 'Response time',
      asks: [{ select: percentiles(50, 95, 99), from: 'llm_e2e' }],
      slo: 'p95',
      interval: 95,
    }),
    series({
      title: 'Requests per second',
      asks: [
        { select: perSecond('started'), from: 'llm_started' },
        { select: perSecond('ended'), from: 'llm_finished' },
      ],
      unit: 'reqps',
    }),
    series({ title: 'Failed requests', asks: [{ select: mean('failed'), from: 'llm_stream_error' }], slo: 'share' }),
  ],
};

const streaming: Page = {
  name: 'streaming',
  title: 'streaming',
  text: 'What a user of a stream sees: time to first token, gaps between chunks, token rate.',
  panels: [
    series({
      title: 'Time to first token',
      asks: [{ select: percentiles(50, 95, 99), from: 'llm_ttft' }],
      slo: 'p95',
      interval: 95,
    }),
    heatmap({ title: 'Time to first token', from: 'llm_ttft' }),
    series({
      title: 'Gap between chunks',
      text: 'At most 4 gaps of each stream are sent to the database; run.json has all of them.',
      asks: [{ select: percentiles(50, 95, 99), from: 'llm_inter_chunk' }],
      slo: 'p50',
    }),
    heatmap({ title: 'Gap between chunks', from: 'llm_inter_chunk' }),
    series({
      title: 'Tokens per second of one user',
      asks: [{ select: percentiles(5, 50, 95), from: 'llm_tokens_per_second' }],
      slo: 'p50',
    }),
    heatmap({ title: 'Tokens per second of one user', from: 'llm_tokens_per_second' }),
    series({
      title: 'Time to first token by size of prompt, p95',
      asks: [{ select: percentiles(95), from: 'llm_ttft', by: ['size'] }],
      slo: 'p95',
    }),
    series({ title: 'Time per output token', asks: [{ select: percentiles(50, 95), from: 'llm_tpot' }] }),
    series({
      title: 'First byte, first event, first token, medians',
      text: 'If the first event comes long before the first token, it holds only a role and no content.',
      asks: [
        { select: percentiles(50), from: 'llm_ttfb', where: { tag: 'kind', is: 'chat' }, alias: 'first byte' },
        { select: percentiles(50), from: 'llm_first_chunk', alias: 'first event' },
        { select: percentiles(50), from: 'llm_ttft', alias: 'first token' },
      ],
    }),
    series({
      title: 'Tokens per chunk',
      text: 'Above 1, the gateway or the provider puts several tokens into one chunk.',
      asks: [{ select: percentiles(50, 95), from: 'llm_tokens_per_chunk' }],
    }),
    series({
      title: 'Tokens per second, all users',
      asks: [
        { select: perSecond('prompt'), from: 'llm_prompt_tokens' },
        { select: perSecond('output'), from: 'llm_completion_tokens' },
      ],
      unit: 'suffix: tokens/s',
      span: 24,
    }),
  ],
};

const load: Page = {
  name: 'load',
  title: 'load and generator',
  text: 'Whether the load was sent as planned, and whether the program that makes the load worked correctly.',
  panels: [
    series({
      title: 'Requests per second by phase',
      asks: [{ select: perSecond('started'), from: 'llm_started', by: ['phase'], alias: '$tag_phase' }],
      unit: 'reqps',
      stacked: true,
    }),
    series({
      title: 'Started and ended',
      asks: [
        { select: perSecond('started'), from: 'llm_started' },
        { select: perSecond('ended'), from: 'llm_finished' },
      ],
      unit: 'reqps',
    }),
    series({
      title: 'Wanted by the schedule',
      asks: [{ select: mean('wanted'), from: 'llm_wanted_rate', scope: 'run' }],
      unit: 'reqps',
    }),
    series({ title: 'In flight', asks: [{ select: mean('in flight'), from: 'llm_in_flight', scope: 'run' }] }),
    series({
      title: 'Lateness against the schedule',
      text: 'How late requests were sent. It grows when all users wait for the target, or when the generator is overloaded. run.json says which of the two it was.',
      asks: [{ select: percentiles(50, 95, 99), from: 'llm_queue' }],
    }),
    heatmap({ title: 'Lateness against the schedule', from: 'llm_queue' }),
    series({
      title: 'Dropped',
      text: `${mayBeEmpty}requests are dropped only when they could not be sent within their phase.`,
      asks: [{ select: perSecond('dropped'), from: 'dropped_iterations', scope: 'run' }],
      unit: 'reqps',
      bars: true,
    }),
    series({
      title: 'Response time from sending and from the scheduled time, p95',
      text: 'If the target stands still, the second figure grows and the first does not (this is called coordinated omission).',
      asks: [
        { select: percentiles(95), from: 'llm_e2e', alias: 'from sending' },
        { select: percentiles(95), from: 'llm_e2e_scheduled', alias: 'from the scheduled time' },
      ],
    }),
    series({
      title: 'VUs',
      text: 'k6 does not tag these with a run, so the chart shows all runs of the time range. One VU plays many users.',
      asks: [{ select: mean('VUs'), from: 'vus', scope: 'all' }],
    }),
    series({
      title: 'CPU of the generator',
      text: 'The share of all CPUs of its machine. Above 90 % a run is INVALID.',
      asks: [{ select: mean('CPU'), from: 'llm_generator_cpu', scope: 'run' }],
    }),
    series({ title: 'Set-up of new connections', asks: [{ select: percentiles(50, 95), from: 'llm_connect' }] }),
    series({
      title: 'By kind',
      asks: [{ select: perSecond('started'), from: 'llm_started', by: ['kind', 'size'], alias: '$tag_kind $tag_size' }],
      unit: 'reqps',
      stacked: true,
    }),
    series({
      title: 'By agency',
      text: 'There is only one line if API_KEYS_FILE holds fewer than two keys.',
      asks: [{ select: perSecond('started'), from: 'llm_started', by: ['agency'], alias: 'agency $tag_agency' }],
      unit: 'reqps',
      stacked: true,
    }),
  ],
};

const errors: Page = {
  name: 'errors',
  title: 'errors by outcome',
  text: 'How requests ended. docs/reading-results.md explains the outcomes: an answer with status 200 and nothing in it is empty, not ok.',
  panels: [
    series({
      title: 'Outcomes per second',
      asks: [{ select: perSecond('ended'), from: 'llm_finished', by: ['outcome'], alias: '$tag_outcome' }],
      unit: 'reqps',
      stacked: true,
    }),
    series({
      title: 'Failures per second',
      text: noErrors,
      asks: [
        { select: perSecond('ended'), from: 'llm_finished', where: failed, by: ['outcome'], alias: '$tag_outcome' },
      ],
      unit: 'reqps',
      bars: true,
    }),
    series({ title: 'Share that failed', asks: [{ select: mean('failed'), from: 'llm_stream_error' }], slo: 'share' }),
    series({
      title: 'Share that failed, by kind',
      asks: [{ select: mean('failed'), from: 'llm_stream_error', by: ['kind'], alias: '$tag_kind' }],
    }),
    table({
      title: 'Outcomes by phase and kind',
      asks: [{ select: sum('requests'), from: 'llm_finished', by: ['outcome', 'phase', 'kind'] }],
    }),
    table({
      title: 'Share that failed, by model and phase',
      asks: [{ select: mean('failed'), from: 'llm_stream_error', by: ['model', 'phase'] }],
    }),
  ],
};

const providers: Page = {
  name: 'providers',
  title: 'providers side by side',
  text: 'The same figures for each family of models. The client cannot see which provider answered: the family is read from the name of the model.',
  panels: [
    series({
      title: 'Time to first token, p95',
      asks: [{ select: percentiles(95), from: 'llm_ttft', by: ['family'], alias: '$tag_family' }],
      slo: 'p95',
    }),
    series({
      title: 'Tokens per second of one user, median',
      asks: [{ select: percentiles(50), from: 'llm_tokens_per_second', by: ['family'], alias: '$tag_family' }],
      slo: 'p50',
    }),
    series({
      title: 'Response time, p95',
      asks: [{ select: percentiles(95), from: 'llm_e2e', by: ['family'], alias: '$tag_family' }],
    }),
    series({
      title: 'Share that failed',
      asks: [{ select: mean('failed'), from: 'llm_stream_error', by: ['family'], alias: '$tag_family' }],
    }),
    bars({
      title: 'Time to first token, p95, by model',
      asks: [{ select: percentiles(95), from: 'llm_ttft', by: ['model'], alias: '$tag_model', whole: true }],
    }),
    bars({
      title: 'Gap between chunks, p95, by model',
      asks: [{ select: percentiles(95), from: 'llm_inter_chunk', by: ['model'], alias: '$tag_model', whole: true }],
    }),
    table({
      title: 'Response time by family and model',
      asks: [
        {
          select: [...count('requests'), ...percentiles(50, 95, 99)],
          from: 'llm_e2e',
          by: ['family', 'model'],
        },
      ],
      span: 24,
    }),
  ],
};

const failover: Page = {
  name: 'failover',
  title: 'failover time line',
  text: 'When a provider fails: which models failed at which time, what users saw meanwhile, and how long it took until all was well again.',
  panels: [
    states({
      title: 'Share that failed, by model',
      asks: [{ select: mean('failed'), from: 'llm_stream_error', by: ['model'], alias: '$tag_model' }],
      steps: shareSteps,
      span: 24,
    }),
    states({
      title: 'Share that failed, by phase',
      asks: [{ select: mean('failed'), from: 'llm_stream_error', by: ['phase'], alias: '$tag_phase' }],
      steps: shareSteps,
      span: 24,
      height: 6,
    }),
    series({
      title: 'Requests per second that ended well',
      asks: [{ select: perSecond('ok'), from: 'llm_finished', where: ok, by: ['model'], alias: '$tag_model' }],
      unit: 'reqps',
      stacked: true,
    }),
    series({
      title: 'Failures per second',
      text: noErrors,
      asks: [
        {
          select: perSecond('failed'),
          from: 'llm_finished',
          where: failed,
          by: ['model', 'outcome'],
          alias: '$tag_model $tag_outcome',
        },
      ],
      unit: 'reqps',
      bars: true,
    }),
    series({
      title: 'Time to first token, worst of each interval',
      text: 'When the gateway switches to another provider, the requests that are under way lose their first attempt.',
      asks: [{ select: most('max'), from: 'llm_ttft', by: ['model'], alias: '$tag_model' }],
    }),
    series({
      title: 'Response time, p95, by model',
      asks: [{ select: percentiles(95), from: 'llm_e2e', by: ['model'], alias: '$tag_model' }],
    }),
  ],
};

const embedding: Page = {
  name: 'embeddings',
  title: 'embeddings',
  text: 'Single texts and batches. The page is empty for scripts that send no embeddings, such as ttft.',
  panels: [
    series({
      title: 'Response time, p95, by size',
      asks: [{ select: percentiles(95), from: 'llm_e2e', where: embeddings, by: ['size'], alias: '$tag_size' }],
      slo: 'p95',
    }),
    heatmap({ title: 'Response time', from: 'llm_e2e', where: embeddings }),
    series({
      title: 'Texts embedded per second',
      asks: [{ select: perSecond('texts'), from: 'llm_embeddings', by: ['size'], alias: '$tag_size' }],
      unit: 'suffix: texts/s',
      stacked: true,
    }),
    series({
      title: 'Requests per second',
      asks: [{ select: perSecond('ended'), from: 'llm_finished', where: embeddings, by: ['size'], alias: '$tag_size' }],
      unit: 'reqps',
      stacked: true,
    }),
    series({
      title: 'Share that failed',
      asks: [{ select: mean('failed'), from: 'llm_stream_error', where: embeddings }],
    }),
    table({
      title: 'Response time',
      asks: [
        {
          select: [...count('requests'), ...percentiles(50, 95, 99)],
          from: 'llm_e2e',
          where: embeddings,
          by: ['model', 'size'],
        },
      ],
    }),
  ],
};

const needsPages = `${mayBeEmpty}it has data only in runs with METRICS_URLS.`;
const byTarget = { scope: 'run', by: ['target'], alias: '$tag_target' } as const satisfies Partial<Ask>;

const endurance: Page = {
  name: 'endurance',
  title: 'endurance and drift',
  text: 'Slow changes over hours. The lines are smoothed over several intervals, so that a slow change can be seen among the quick ones. The last two panels need METRICS_URLS.',
  panels: [
    series({
      title: 'Time to first token, drift of the median',
      asks: [{ select: drift('median', 'median'), from: 'llm_ttft' }],
    }),
    series({
      title: 'Response time, drift of the median',
      asks: [{ select: drift('median', 'median'), from: 'llm_e2e', by: ['kind'] }],
    }),
    series({
      title: 'Gap between chunks, drift of the median',
      asks: [{ select: drift('median', 'median'), from: 'llm_inter_chunk' }],
    }),
    series({
      title: 'Share that failed, drift',
      asks: [{ select: drift('failed', 'mean'), from: 'llm_stream_error' }],
    }),
    series({
      title: 'Tokens per second of one user, drift of the median',
      asks: [{ select: drift('median', 'median'), from: 'llm_tokens_per_second' }],
    }),
    series({
      title: 'Bytes per second',
      asks: [
        { select: perSecond('received'), from: 'data_received', scope: 'run' },
        { select: perSecond('sent'), from: 'data_sent', scope: 'run' },
      ],
      unit: 'Bps',
    }),
    series({
      title: 'Memory of the target, drift',
      text: needsPages,
      asks: [{ select: drift('memory', 'mean'), from: 'target_memory', ...byTarget }],
    }),
    series({
      title: 'Open files of the target, drift',
      text: needsPages,
      asks: [{ select: drift('files', 'mean'), from: 'target_files', ...byTarget }],
    }),
  ],
};

const ofTarget = (title: string, from: TargetMetric, more: { text?: string; name?: string } = {}) =>
  series({ title, text: more.text ?? needsPages, asks: [{ select: mean(more.name ?? 'mean'), from, ...byTarget }] });

const resources: Page = {
  name: 'resources',
  title: 'resources of the target',
  text: 'What the target itself used, as its Prometheus pages (METRICS_URLS) say, with one line for each page. A page may not have all of it. npm run sampler serves CPU, memory, files, sockets and threads of any process.',
  panels: [
    ofTarget('CPU', 'target_cpu', { text: `1 means that one core is busy. ${needsPages}` }),
    ofTarget('Resident memory', 'target_memory'),
    ofTarget('Heap in use', 'target_heap', { text: `${mayBeEmpty}only the pages of Go and Node programs have it.` }),
    ofTarget('Open files', 'target_files'),
    ofTarget('Open sockets', 'target_sockets', { text: `${mayBeEmpty}only the page of npm run sampler has them.` }),
    ofTarget('Threads', 'target_threads', {
      text: `${mayBeEmpty}pages by Prometheus' client for Node do not have them.`,
    }),
    ofTarget('Event loop, p99 of its delay', 'target_loop_lag', {
      text: `${mayBeEmpty}only the pages of Node programs have it.`,
    }),
    ofTarget('Garbage collections', 'target_collections', {
      text: `${mayBeEmpty}only the pages of Go, Node, Python and JVM programs have them.`,
    }),
    ofTarget('Time in which its container is throttled', 'target_throttled', {
      text: `${mayBeEmpty}only the pages of containers have it.`,
    }),
    ofTarget('Time that goes to garbage collections', 'target_collecting', {
      text: `${mayBeEmpty}only the pages of Go, Node and JVM programs have it.`,
    }),
    ofTarget('Connections of the database in use', 'target_connections', { text: `${mayBeEmpty}few pages have it.` }),
    ofTarget('What waits in queues', 'target_queue', { text: `${mayBeEmpty}few pages have it.` }),
    ofTarget('Log', 'target_log', { text: `${mayBeEmpty}few pages have it.` }),
    ofTarget('Bytes sent', 'target_sent', { text: `${mayBeEmpty}few pages have it.` }),
    ofTarget('Goroutines', 'target_tasks', { text: `${mayBeEmpty}only the pages of Go programs have them.` }),
    ofTarget('Requests in the target by its own count', 'target_in_flight', {
      text: `${mayBeEmpty}few pages have it.`,
    }),
    series({
      title: 'CPU of the generator',
      text: 'The share of all CPUs of its machine. If the target is on the same machine, the two share these CPUs.',
      asks: [{ select: mean('CPU'), from: 'llm_generator_cpu', scope: 'run' }],
    }),
    table({
      title: 'Resident memory: least, mean, most',
      text: needsPages,
      asks: [
        {
          select: [...least('least'), ...mean('mean'), ...most('most')],
          from: 'target_memory',
          scope: 'run',
          by: ['target'],
        },
      ],
    }),
  ],
};

const cost: Page = {
  name: 'cost',
  title: 'cost',
  text: 'What the requests cost, by their usage and the price table (PRICES). A model without a price has no cost. run.json names the table.',
  panels: [
    number({ title: 'Cost', asks: [{ select: sum('USD'), from: 'llm_cost_usd', whole: true }], span: 8 }),
    number({
      title: 'Share of the cost for prompts',
      asks: [{ select: sum('USD'), from: 'llm_cost_input_usd', whole: true }],
      span: 8,
    }),
    number({
      title: 'Cost of 1,000 requests',
      asks: [{ select: mean('USD', 1000), from: 'llm_cost_usd', whole: true }],
      span: 8,
    }),
    series({
      title: 'Cost of an hour at this load, by model',
      asks: [{ select: anHour('USD'), from: 'llm_cost_usd', by: ['model'], alias: '$tag_model' }],
      stacked: true,
    }),
    series({
      title: 'Cost of an hour at this load, by agency',
      text: 'There is only one line if API_KEYS_FILE holds fewer than two keys.',
      asks: [{ select: anHour('USD'), from: 'llm_cost_usd', by: ['agency'], alias: 'agency $tag_agency' }],
      stacked: true,
    }),
    series({
      title: 'Prompts and answers, cost of an hour at this load',
      asks: [
        { select: anHour('all'), from: 'llm_cost_usd' },
        { select: anHour('prompts'), from: 'llm_cost_input_usd' },
      ],
    }),
    series({ title: 'Price of a request', asks: [{ select: percentiles(50, 95, 99), from: 'llm_cost_usd' }] }),
    table({
      title: 'By model and kind',
      asks: [
        {
          select: [...count('requests'), ...sum('USD'), ...mean('USD a request')],
          from: 'llm_cost_usd',
          by: ['model', 'kind', 'size'],
        },
      ],
      span: 24,
    }),
  ],
};

const sessions: Page = {
  name: 'sessions',
  title: 'conversations',
  text: 'Conversations turn by turn, and whole ones: the script sessions. The size turn-2 is a second turn.',
  panels: [
    series({
      title: 'Time to first token by turn, p95',
      asks: [{ select: percentiles(95), from: 'llm_ttft', by: ['size'], where: turns, alias: '$tag_size' }],
      span: 24,
    }),
    series({
      title: 'Tokens of a prompt, and those from a cache',
      text: `${mayBeEmpty}a target that tells nothing of a cache has no second line.`,
      asks: [
        { select: mean('prompt'), from: 'llm_prompt_tokens', where: turns },
        { select: mean('from a cache'), from: 'llm_cached_tokens', where: turns },
      ],
    }),
    series({
      title: 'Tokens of a prompt by turn',
      asks: [{ select: mean('tokens'), from: 'llm_prompt_tokens', by: ['size'], where: turns, alias: '$tag_size' }],
    }),
    series({
      title: 'Price of a conversation',
      text: `${mayBeEmpty}a model without a price has none.`,
      asks: [{ select: percentiles(50, 95), from: 'llm_session_cost_usd' }],
    }),
    series({
      title: 'Tokens that a conversation sends, and those from a cache',
      text: `${mayBeEmpty}it is written when a conversation has come to its end.`,
      asks: [
        { select: mean('sent'), from: 'llm_session_prompt_tokens' },
        { select: mean('from a cache'), from: 'llm_session_cached_tokens' },
      ],
    }),
  ],
};

const byPhase = { by: ['phase'], alias: '$tag_phase' } as const satisfies Partial<Ask>;
const byAgency = { by: ['agency'], alias: 'agency $tag_agency' } as const satisfies Partial<Ask>;
const bySize = { by: ['size'], alias: '$tag_size' } as const satisfies Partial<Ask>;

const failedByPhase = states({
  title: 'Share that failed, by phase',
  asks: [{ select: mean('failed'), from: 'llm_stream_error', ...byPhase }],
  steps: shareSteps,
  span: 24,
  height: 6,
});

const streams: Page = {
  name: 'streams',
  title: 'many streams at once',
  text: 'How streams keep their pace as there are more of them: the script streams. The phase held-500 has 500 streams at once; in hang-ups the clients leave.',
  panels: [
    series({ title: 'In flight', asks: [{ select: mean('in flight'), from: 'llm_in_flight', scope: 'run' }] }),
    series({
      title: 'Gap between chunks by phase, p95',
      asks: [{ select: percentiles(95), from: 'llm_inter_chunk', ...byPhase }],
      slo: 'p95',
    }),
    series({
      title: 'Time to first token by phase, p95',
      asks: [{ select: percentiles(95), from: 'llm_ttft', ...byPhase }],
    }),
    series({
      title: 'Tokens per second of one stream by phase, mean',
      asks: [{ select: mean('tokens/s'), from: 'llm_tokens_per_second', ...byPhase }],
    }),
    series({
      title: 'Tokens per second of all streams',
      asks: [{ select: perSecond('tokens'), from: 'llm_completion_tokens', ...byPhase }],
      unit: 'suffix: tokens/s',
    }),
    series({
      title: 'Outcomes per second',
      text: 'A stream that its client left is cancelled, which is no failure.',
      asks: [{ select: perSecond('ended'), from: 'llm_finished', by: ['outcome'], alias: '$tag_outcome' }],
      unit: 'reqps',
      stacked: true,
    }),
    failedByPhase,
    ofTarget('Memory of the target', 'target_memory'),
    table({
      title: 'Gap between chunks by phase',
      asks: [{ select: [...count('gaps'), ...percentiles(50, 95, 99)], from: 'llm_inter_chunk', by: ['phase'] }],
    }),
  ],
};

const agencies: Page = {
  name: 'agencies',
  title: 'agencies',
  text: 'Whether all keys are served alike: the script agencies, and each run with API_KEYS_FILE. An agency is the number of its key in that file; in phase heavy the first one sends most.',
  panels: [
    series({
      title: 'Requests per second',
      asks: [{ select: perSecond('started'), from: 'llm_started', ...byAgency }],
      unit: 'reqps',
      stacked: true,
    }),
    series({
      title: 'Response time from the scheduled time, median',
      text: 'All kinds of requests together, of which each agency sends the same shares.',
      asks: [{ select: percentiles(50), from: 'llm_e2e_scheduled', ...byAgency }],
    }),
    series({
      title: 'Time to first token, p95',
      asks: [{ select: percentiles(95), from: 'llm_ttft', ...byAgency }],
    }),
    series({
      title: 'Share that failed',
      asks: [{ select: mean('failed'), from: 'llm_stream_error', ...byAgency }],
    }),
    failedByPhase,
    table({
      title: 'Outcomes by agency',
      text: 'A key that met a limit has http_429.',
      asks: [{ select: sum('requests'), from: 'llm_finished', by: ['agency', 'outcome'] }],
    }),
    table({
      title: 'Response time from the scheduled time, by agency',
      asks: [{ select: [...count('requests'), ...percentiles(50, 95, 99)], from: 'llm_e2e_scheduled', by: ['agency'] }],
    }),
  ],
};

const balance: Page = {
  name: 'balance',
  title: 'connections and instances',
  text: 'What connections cost, and the way past the balancer: the script balance. Its sizes are cases: over a kept connection or a new one, a model list or a chat, and direct-1 the first instance of BASE_URLS.',
  panels: [
    series({ title: 'Set-up of new connections', asks: [{ select: percentiles(50, 95), from: 'llm_connect' }] }),
    heatmap({ title: 'Set-up of new connections', from: 'llm_connect' }),
    series({
      title: 'First byte by case, median',
      asks: [{ select: percentiles(50), from: 'llm_ttfb', ...bySize }],
    }),
    series({
      title: 'Response time by case, median',
      asks: [{ select: percentiles(50), from: 'llm_e2e', ...bySize }],
    }),
    series({
      title: 'Requests per second by case',
      asks: [{ select: perSecond('ended'), from: 'llm_finished', ...bySize }],
      unit: 'reqps',
      stacked: true,
    }),
    series({
      title: 'Share that failed, by case',
      asks: [{ select: mean('failed'), from: 'llm_stream_error', ...bySize }],
    }),
    table({
      title: 'Response time by case',
      asks: [{ select: [...count('requests'), ...percentiles(50, 95, 99)], from: 'llm_e2e', by: ['kind', 'size'] }],
      span: 24,
    }),
  ],
};

const overhead: Page = {
  name: 'overhead',
  title: 'overhead of the gateway',
  text: "What the gateway adds to the provider's own time, for each request. Only runs of the script overhead have it, and only when the load is over, because the provider's record is read then. Each request is shown at the time at which it was sent. Agencies are not told apart.",
  panels: [
    series({
      title: 'Overhead to the first token',
      asks: [{ select: percentiles(50, 95, 99), from: 'llm_overhead_ttft' }],
    }),
    heatmap({ title: 'Overhead to the first token', from: 'llm_overhead_ttft' }),
    series({
      title: 'Way of a chunk through the gateway',
      text: 'At most 4 chunks of each stream are sent to the database; run.json has all of them.',
      asks: [{ select: percentiles(50, 95, 99), from: 'llm_overhead_chunk' }],
    }),
    heatmap({ title: 'Way of a chunk through the gateway', from: 'llm_overhead_chunk' }),
    series({
      title: "First token: as the client sees it, and the gateway's part",
      asks: [
        { select: percentiles(50), from: 'llm_ttft', alias: 'time to first token' },
        { select: percentiles(50), from: 'llm_overhead_ttft', alias: 'overhead' },
      ],
    }),
    series({
      title: 'Overhead to the first token against the load',
      asks: [
        { select: percentiles(95), from: 'llm_overhead_ttft', alias: 'overhead p95' },
        { select: mean('in flight'), from: 'llm_in_flight', scope: 'run', alias: 'in flight' },
      ],
      unit: 'short',
    }),
    table({
      title: 'By model and size of prompt',
      asks: [
        {
          select: [...count('streams'), ...percentiles(50, 95, 99)],
          from: 'llm_overhead_ttft',
          by: ['model', 'size'],
        },
      ],
      span: 24,
    }),
  ],
};

const pairTable = (title: string, from: 'llm_ttft' | 'llm_e2e' | 'llm_inter_chunk' | 'llm_tokens_per_second') =>
  table({
    title,
    asks: [{ select: [...count('n'), ...percentiles(5, 50, 95, 99)], from, scope: 'pair', by: ['run_id', 'phase'] }],
  });

const pairDifference = (title: string, from: 'llm_ttft' | 'llm_e2e' | 'llm_inter_chunk' | 'llm_tokens_per_second') =>
  table({
    title: `${title}: by how much B differs from A`,
    text: `${mayBeEmpty}runs of different scripts have no phase in common.`,
    asks: [{ select: percentiles(5, 50, 95, 99), from, scope: 'pair', by: ['phase'], difference: 'share' }],
    unit: 'percentunit',
  });

const comparison: Page = {
  name: 'comparison',
  title: 'two runs compared',
  text: 'Run A and run B, whatever the time range is: the newest run and the one before, unless others are chosen. This page does not say whether a difference is more than chance; npm run compare does.',
  pair: true,
  panels: [
    table({
      title: 'Verdicts',
      asks: [{ select: sum('runs'), from: 'llm_verdict', scope: 'pair', by: ['run_id', 'script', 'verdict'] }],
      span: 24,
      height: 4,
    }),
    pairTable('Time to first token by phase', 'llm_ttft'),
    pairDifference('Time to first token', 'llm_ttft'),
    pairTable('Response time by phase', 'llm_e2e'),
    pairDifference('Response time', 'llm_e2e'),
    pairTable('Gap between chunks by phase', 'llm_inter_chunk'),
    pairDifference('Gap between chunks', 'llm_inter_chunk'),
    pairTable('Tokens per second of one user by phase', 'llm_tokens_per_second'),
    pairDifference('Tokens per second of one user', 'llm_tokens_per_second'),
    number({
      title: 'Share that failed, B less A',
      asks: [{ select: mean('points'), from: 'llm_stream_error', scope: 'pair', whole: true, difference: 'points' }],
      span: 8,
    }),
    number({
      title: 'Median of the time to first token, B against A',
      text: `${mayBeEmpty}only streams have one.`,
      asks: [{ select: percentiles(50), from: 'llm_ttft', scope: 'pair', whole: true, difference: 'share' }],
      unit: 'percentunit',
      span: 8,
    }),
    number({
      title: 'Median of the response time, B against A',
      asks: [{ select: percentiles(50), from: 'llm_e2e', scope: 'pair', whole: true, difference: 'share' }],
      unit: 'percentunit',
      span: 8,
    }),
    bars({
      title: 'Time to first token, p95',
      asks: [
        { select: percentiles(95), from: 'llm_ttft', scope: 'pair', by: ['run_id'], alias: '$tag_run_id', whole: true },
      ],
    }),
    bars({
      title: 'Share that failed',
      asks: [
        {
          select: mean('failed'),
          from: 'llm_stream_error',
          scope: 'pair',
          by: ['run_id'],
          alias: '$tag_run_id',
          whole: true,
        },
      ],
    }),
    histogram({ title: 'Time to first token', from: 'llm_ttft', scope: 'pair', by: ['run_id'], alias: '$tag_run_id' }),
    histogram({ title: 'Response time', from: 'llm_e2e', scope: 'pair', by: ['run_id'], alias: '$tag_run_id' }),
    table({
      title: 'Outcomes',
      asks: [{ select: sum('requests'), from: 'llm_finished', scope: 'pair', by: ['run_id', 'outcome'] }],
      span: 24,
    }),
  ],
};

/** All dashboards, in the order of dashboards/README.md. */
export const pages: readonly Page[] = [
  overview,
  streaming,
  load,
  errors,
  providers,
  failover,
  embedding,
  endurance,
  resources,
  cost,
  sessions,
  streams,
  agencies,
  balance,
  overhead,
  comparison,
];
