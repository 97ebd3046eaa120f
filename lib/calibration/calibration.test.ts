import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beyond, covering, parseCalibration, type Calibration, type CalibrationPoint } from './calibration';

const point = (
  streams: number,
  events_per_s: number,
  error: number,
  over: Partial<CalibrationPoint> = {},
): CalibrationPoint => ({
  streams,
  events_per_s,
  ttft_p95_error: error,
  gap_p95_error: 0.001,
  gap_p99_error: 0.002,
  cpu_per_1000_events: 10,
  cpu: 0.1,
  lateness_p99: 1,
  events_per_read: 1,
  lost: 0,
  ...over,
});
const calibration: Calibration = {
  schema: 1,
  at: '2026-11-25T00:00:00.000Z',
  cpu_model: 'x',
  cpus: 2,
  points: [point(50, 2500, 0.002), point(400, 20_000, 0.004), point(2000, 40_000, 0.08)],
};

test('a run is told the error of the smallest calibrated load that is at least its own', () => {
  assert.equal(covering(calibration, { streams: 40, eventsPerSecond: 2000 })?.streams, 50);
  assert.equal(covering(calibration, { streams: 51, eventsPerSecond: 10 })?.streams, 400);
  assert.equal(
    covering(calibration, { streams: 10, eventsPerSecond: 3000 })?.streams,
    400,
    'few streams with many events are as much to read',
  );
  assert.equal(covering(calibration, { streams: 2001, eventsPerSecond: 10 }), undefined);
});

test('beyond what the machine can measure: no point, a large error, or streams lost in the calibration', () => {
  assert.equal(beyond(calibration, { streams: 400, eventsPerSecond: 20_000 }, 0.05), '');
  assert.match(
    beyond(calibration, { streams: 500, eventsPerSecond: 20_000 }, 0.05),
    /may be 8\.0 % wrong, .*2026-11-25.* MAX_ERROR allows 5\.0 %/,
  );
  assert.equal(beyond(calibration, { streams: 500, eventsPerSecond: 20_000 }, 0.1), '', 'the limit is settable');
  assert.match(
    beyond(calibration, { streams: 3000, eventsPerSecond: 1 }, 0.05),
    /beyond what the calibration .* measured/,
  );
  const lossy = { ...calibration, points: [point(50, 2500, 0.001, { lost: 3 })] };
  assert.match(beyond(lossy, { streams: 50, eventsPerSecond: 1 }, 0.05), /lost 3 streams/);
});

test("another machine's calibration, or a broken one, is none", () => {
  const text = JSON.stringify(calibration);
  assert.deepEqual(parseCalibration(text, { cpuModel: 'x', cpus: 2 }), calibration);
  assert.equal(parseCalibration(text, { cpuModel: 'y', cpus: 2 }), undefined);
  assert.equal(parseCalibration(text, { cpuModel: 'x', cpus: 4 }), undefined);
  for (const broken of ['', '{', 'null', '{"schema":2}'])
    assert.equal(parseCalibration(broken, { cpuModel: 'x', cpus: 2 }), undefined);
});
