import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metrics } from '../metrics';
import { readPage, restarted, valuesSince } from './families';

const page = (cpu: number, start = 1000) =>
  `process_cpu_seconds_total ${cpu}\nprocess_resident_memory_bytes 5e7\nprocess_start_time_seconds ${start}\n`;

test('CPU is what the counter gained in a second; the first reading has none', () => {
  const [a, b] = [readPage(page(10), 1000), readPage(page(13), 3000)];
  assert.deepEqual(valuesSince(undefined, a), { target_memory: 5e7 });
  assert.deepEqual(valuesSince(a, b), { target_cpu: 1.5, target_memory: 5e7 });
});

test('NoNegativeRate: a restart is noticed, by the time of the start or by a counter that fell, and gives no rate', () => {
  const a = readPage(page(10), 1000);
  const anew = readPage(page(11, 1500), 3000);
  assert.ok(restarted(a, anew));
  assert.equal(valuesSince(a, anew).target_cpu, undefined);
  const fell = readPage('process_cpu_seconds_total 2\n', 3000);
  assert.ok(restarted(readPage('process_cpu_seconds_total 9\n', 1000), fell));
  assert.ok(!restarted(a, readPage(page(10), 3000)));
});

test('OneCounterWasHigherAgain: a restart without a start time is noticed by the counter that fell, whatever the others do', () => {
  const before = readPage('process_cpu_seconds_total 9\ngo_gc_duration_seconds_count 1\n', 1000);
  assert.ok(restarted(before, readPage('process_cpu_seconds_total 2\ngo_gc_duration_seconds_count 3\n', 3000)));
});

test('a container that goes takes its counters out of the sum: that is no restart of the others', () => {
  const page = (names: readonly string[]) =>
    readPage(
      names
        .map(
          (name) =>
            `container_last_seen{name="${name}",image="x"} 1\ncontainer_network_receive_bytes_total{name="${name}"} 9\n`,
        )
        .join(''),
      1000,
    );
  assert.ok(!restarted(page(['a', 'b']), page(['a'])));
  assert.ok(restarted({ ...page(['a', 'b']), containers: undefined }, { ...page(['a']), containers: undefined }));
});

test('workers and kinds add up, of lags the largest counts, what is not finite is left out', () => {
  const { values, cpus } = readPage(
    'process_open_fds{pid="1"} 20\nprocess_open_fds{pid="2"} 30\nnodejs_eventloop_lag_p99_seconds 0.02\nnodejs_eventloop_lag_p99_seconds{t="2"} 0.05\nprocess_threads NaN\ngo_sched_gomaxprocs_threads 4\n',
    0,
  );
  assert.deepEqual(values, { target_files: 50, target_loop_lag: 50 });
  assert.equal(cpus, 4);
});

test('a page of Go: heap, goroutines, collections', () => {
  const text = (n: number) =>
    `go_goroutines 42\ngo_memstats_heap_inuse_bytes 1.2e+07\ngo_gc_duration_seconds{quantile="0.5"} 0.1\ngo_gc_duration_seconds_count ${n}\n`;
  assert.deepEqual(valuesSince(readPage(text(5), 0), readPage(text(7), 10_000)), {
    target_heap: 1.2e7,
    target_tasks: 42,
    target_collections: 0.2,
  });
});

test('every metric of a target is in the table of metrics', () => {
  const { values } = readPage('', 0);
  assert.deepEqual(values, {});
  assert.ok(Object.keys(metrics).filter((name) => name.startsWith('target_')).length >= 10);
});

test('what a page tells of its runtime: a Node or Python process keeps one core busy, each of several one', () => {
  const loops = (text: string) => readPage(text, 0).loops;
  const cpu = 'process_cpu_seconds_total 5\n';
  assert.equal(loops(`${cpu}nodejs_eventloop_lag_p99_seconds 0.01\n`), 1);
  assert.equal(loops(`${cpu}python_info{implementation="CPython"} 1\n`), 1);
  assert.equal(loops('process_cpu_seconds_total{pid="1"} 5\nprocess_cpu_seconds_total{pid="2"} 5\npython_info 1\n'), 2);
  assert.equal(loops(`${cpu}process_serving_threads 1\n`), 1);
  assert.equal(loops(`${cpu}go_goroutines 9\n`), undefined);
});

test('pools, queues, log, network and requests are read under the names that others have for them, and under those of METRICS_MAP', () => {
  const text =
    'hikaricp_connections_active 3\njobs_waiting 7\nqueue_length 1\nhikaricp_connections_max 10\npython_info{version="3.12.1"} 1\n';
  const { values, pool, runtime } = readPage(text, 0, { target_queue: ['jobs_waiting'] });
  assert.deepEqual(values, { target_connections: 3, target_queue: 7 });
  assert.deepEqual([pool, runtime], [10, 'python 3.12.1']);
  const told = (n: number) =>
    readPage(
      `http_requests_total{status="200"} ${n}\nhttp_requests_total{status="500"} ${n}\nlog_bytes_total ${n * 100}\n`,
      n * 1000,
    );
  assert.deepEqual(valuesSince(told(1), told(3)), { target_requests: 2, target_log: 100 });
});
