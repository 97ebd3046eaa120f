import { after, afterEach, before } from 'node:test';
import { startInfluxDB, type InfluxDB } from '../programs/services/influxdb';
import { startSimulator, type Simulator } from '../programs/simulator';

/**
 * One simulator for all tests of a file: it is started before the first, its settings are taken back after each, and it
 * is stopped after the last. What is returned gives it, from the first test on.
 */
export function sharedSimulator(): () => Simulator {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.reset());
  after(() => simulator?.stop());
  return () => simulator;
}

/** A simulator and a real InfluxDB for all tests of a file, as {@link sharedSimulator} has the first alone. */
export function sharedWithInfluxDB(): { simulator: () => Simulator; influx: () => InfluxDB } {
  let influx: InfluxDB;
  const simulator = sharedSimulator();
  before(async () => {
    influx = await startInfluxDB();
  });
  after(() => influx?.stop());
  return { simulator, influx: () => influx };
}
