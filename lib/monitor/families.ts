import type { TargetMetric, TargetValues } from '../metrics';
import { parsePage, type Sample } from './exposition';

/*
 * Which of the families that pages have become which of our metrics: one table. `process_*` are the names of
 * Prometheus' own clients; the rest are what runtimes and frameworks call the same thing.
 */

interface Family {
  /** The first that the page has is taken. */
  names: readonly string[];
  /** Several series of the family are added up (workers, kinds), or the largest counts. */
  of: 'sum' | 'max';
  /** A counter: what it gained in a second since the reading before. */
  rate?: true;
  scale?: number;
}

const families: Record<TargetMetric, Family> = {
  target_cpu: { names: ['process_cpu_seconds_total'], of: 'sum', rate: true },
  target_memory: { names: ['process_resident_memory_bytes', 'process_working_set_bytes'], of: 'sum' },
  target_heap: { names: ['go_memstats_heap_inuse_bytes', 'nodejs_heap_size_used_bytes'], of: 'sum' },
  target_files: { names: ['process_open_fds', 'process_open_handles'], of: 'sum' },
  target_sockets: { names: ['process_open_sockets'], of: 'sum' },
  target_threads: {
    names: ['process_threads', 'process_num_threads', 'go_threads', 'jvm_threads_live_threads', 'jvm_threads_current'],
    of: 'sum',
  },
  target_tasks: { names: ['go_goroutines'], of: 'sum' },
  target_in_flight: {
    names: [
      'http_requests_in_progress',
      'http_requests_inprogress',
      'http_requests_in_flight',
      'http_server_active_requests',
      'starlette_requests_in_progress',
      'vllm:num_requests_running',
    ],
    of: 'sum',
  },
  target_loop_lag: { names: ['nodejs_eventloop_lag_p99_seconds'], of: 'max', scale: 1000 },
  target_collections: {
    names: [
      'go_gc_duration_seconds_count',
      'nodejs_gc_duration_seconds_count',
      'python_gc_collections_total',
      'jvm_gc_collection_seconds_count',
      'jvm_gc_pause_seconds_count',
    ],
    of: 'sum',
    rate: true,
  },
  target_collecting: {
    names: [
      'nodejs_gc_duration_seconds_sum',
      'go_gc_duration_seconds_sum',
      'jvm_gc_collection_seconds_sum',
      'jvm_gc_pause_seconds_sum',
    ],
    of: 'sum',
    rate: true,
  },
  target_throttled: {
    names: ['container_cpu_cfs_throttled_seconds_total', 'process_cpu_throttled_seconds_total'],
    of: 'sum',
    rate: true,
  },
  target_connections: {
    names: [
      'db_pool_checked_out',
      'sqlalchemy_pool_checked_out',
      'hikaricp_connections_active',
      'go_sql_in_use_connections',
      'pg_stat_activity_count',
    ],
    of: 'sum',
  },
  target_queue: { names: ['billing_queue_length', 'queue_length', 'queue_size', 'celery_queue_length'], of: 'sum' },
  target_log: { names: ['log_bytes_total', 'log_written_bytes_total', 'logged_bytes_total'], of: 'sum', rate: true },
  target_received: {
    names: ['process_network_receive_bytes_total', 'container_network_receive_bytes_total'],
    of: 'sum',
    rate: true,
  },
  target_sent: {
    names: ['process_network_transmit_bytes_total', 'container_network_transmit_bytes_total'],
    of: 'sum',
    rate: true,
  },
  target_requests: {
    names: [
      'http_requests_total',
      'starlette_requests_total',
      'http_server_requests_seconds_count',
      'http_server_request_duration_seconds_count',
      'http_request_duration_seconds_count',
    ],
    of: 'sum',
    rate: true,
  },
  target_busy: {
    names: [
      'http_request_duration_seconds_sum',
      'starlette_request_duration_seconds_sum',
      'http_server_requests_seconds_sum',
      'http_server_request_duration_seconds_sum',
    ],
    of: 'sum',
    rate: true,
  },
};
/** Other names of them (METRICS_MAP), which come before those of the table. */
export type FamilyNames = Readonly<Record<string, readonly string[]>>;
const rows = Object.entries(families) as [TargetMetric, Family][];

/** What the page says of the process itself; a later start is a restart. */
const startNames = ['process_start_time_seconds'];
/** What the process may use: npm run sampler tells both, Go its processors. */
const cpusNames = ['process_cpu_limit_cores', 'go_sched_gomaxprocs_threads'];
const memoryNames = ['process_memory_limit_bytes'];
/** Threads that run the target's code: npm run sampler tells how many. */
const loopsNames = ['process_serving_threads'];
/** Connections that the pool of a database may have. */
const poolNames = [
  'db_pool_max',
  'hikaricp_connections_max',
  'go_sql_max_open_connections',
  'pg_settings_max_connections',
];
/** Runtimes whose code runs on one thread at a time, whatever the machine has: Node's event loop, Python's lock. */
const singleNames = ['nodejs_version_info', 'nodejs_eventloop_lag_p99_seconds', 'python_info'];
/** Their label says the version. */
const runtimeNames: readonly string[] = ['nodejs_version_info', 'python_info', 'go_info', 'jvm_info'];
/** As PostgreSQL's exporter has it, with the version in a label. */
const databaseNames: readonly string[] = ['pg_static'];
/** As cAdvisor has them: a series for each container, whose labels say its image, and its service in a compose file. */
const containerNames: readonly string[] = ['container_last_seen', 'container_start_time_seconds'];

const known: readonly string[] = [
  ...runtimeNames,
  ...databaseNames,
  ...containerNames,
  ...rows.flatMap(([, { names }]) => names),
  ...startNames,
  ...cpusNames,
  ...memoryNames,
  ...loopsNames,
  ...poolNames,
  ...singleNames,
];

/** A page as it was read: counters are not yet rates. */
export interface Raw {
  /** Unix ms. */
  at: number;
  values: TargetValues;
  /** Unix seconds; undefined where the page has none. */
  start?: number;
  cpus?: number;
  /** Cores that its code can keep busy, one for each event loop; undefined where its runtime is not known. */
  loops?: number;
  memory?: number;
  /** Connections that the pool of its database may have. */
  pool?: number;
  /** The runtime and its version. */
  runtime?: string;
  /** The database and its version. */
  database?: string;
  /** Each container, with its image. */
  containers?: string;
}

/** What the known families of a page say; values that are not finite are left out. */
export function readPage(text: string, at: number, more: FamilyNames = {}): Raw {
  const wanted = new Set([...known, ...Object.values(more).flat()]);
  const byName = new Map<string, number[]>();
  let runtime: string | undefined;
  let database: string | undefined;
  const containers = new Set<string>();
  for (const { name, value, labels } of parsePage(text, wanted).samples satisfies Sample[]) {
    if (runtimeNames.includes(name) && labels.version) runtime ??= `${name.replace(/_.*/, '')} ${labels.version}`;
    if (databaseNames.includes(name) && labels.short_version) database ??= `PostgreSQL ${labels.short_version}`;
    if (containerNames.includes(name) && labels.image)
      containers.add(`${labels.container_label_com_docker_compose_service ?? labels.name ?? '?'} ${labels.image}`);
    if (!Number.isFinite(value)) continue;
    const known = byName.get(name);
    if (known) known.push(value);
    else byName.set(name, [value]);
  }
  const take = (names: readonly string[], of: Family['of']): number | undefined => {
    const found = names.map((name) => byName.get(name)).find((each) => each !== undefined);
    return found && (of === 'sum' ? found.reduce((sum, value) => sum + value, 0) : Math.max(...found));
  };
  const values: TargetValues = {};
  for (const [metric, { names, of, scale = 1 }] of rows) {
    const value = take([...(more[metric] ?? []), ...names], of);
    if (value !== undefined) values[metric] = value * scale;
  }
  // A page of several processes has a series of each.
  const processes = byName.get('process_cpu_seconds_total')?.length ?? 1;
  const single = singleNames.some((name) => byName.has(name)) ? processes : undefined;
  return {
    at,
    values,
    start: take(startNames, 'max'),
    cpus: take(cpusNames, 'max'),
    loops: take(loopsNames, 'sum') ?? single,
    memory: take(memoryNames, 'max'),
    pool: take(poolNames, 'sum'),
    runtime,
    database,
    containers: containers.size > 0 ? [...containers].sort().join(', ') : undefined,
  };
}

/**
 * Whether the process was started anew between two readings of its page: by its start time, else by a counter that fell. A
 * page of containers without start times does not tell: its sums fall when one of them goes.
 */
export function restarted(before: Raw, now: Raw): boolean {
  if (before.start !== undefined && now.start !== undefined) return now.start > before.start + 1;
  if (now.containers !== undefined) return false;
  return rows.some(([metric, { rate }]) => rate && (now.values[metric] ?? 0) < (before.values[metric] ?? 0));
}

/**
 * Whether the process of a reading was started before that of the reading before: a process that is started anew never was,
 * so several answer at this address in turn.
 */
export function isAnother(before: Raw, now: Raw): boolean {
  return before.start !== undefined && now.start !== undefined && now.start < before.start - 1;
}

/** The values of a reading, counters as rates since the one before; without one, or over a restart, they have none. */
export function valuesSince(before: Raw | undefined, now: Raw): TargetValues {
  const values: TargetValues = {};
  const again = before !== undefined && restarted(before, now);
  for (const [metric, { rate }] of rows) {
    const value = now.values[metric];
    if (value === undefined) continue;
    if (!rate) {
      values[metric] = value;
      continue;
    }
    const last = before?.values[metric];
    if (before === undefined || last === undefined || again || now.at <= before.at || value < last) continue;
    values[metric] = ((value - last) * 1000) / (now.at - before.at);
  }
  return values;
}

/** Our names of what is read from pages. */
export const pageMetrics: readonly string[] = rows.map(([metric]) => metric);

/** The metrics that a page can have, for who asks why it has none. */
export const knownNames: readonly string[] = rows.map(([, { names }]) => names[0]!);
