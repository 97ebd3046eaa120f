import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { parse } from 'yaml';
import { editions } from './editions';
import { dashboardFiles, dashboardsFolder, dashboardsThere } from '../tools/commands/dashboards';

/** Those of current Grafana that we draw with; `graph`, `singlestat` and other Angular panels are drawn no more. */
const drawn = ['timeseries', 'stat', 'heatmap', 'table', 'bargauge', 'histogram', 'state-timeline'];
const known = new Set<string>(Object.values(units));
const boards = [...dashboardFiles()].map(
  ([file, text]) => [file, JSON.parse(text) as Dashboard & { panels: Panel[] }] as const,
);

test('dashboards/json is what dashboards/*.ts say (npm run dashboards)', () => {
  const files = dashboardFiles();
  assert.deepEqual(dashboardsThere().sort(), [...files.keys()].sort());
  for (const [name, text] of files)
    assert.equal(readFileSync(join(dashboardsFolder, name), 'utf8'), text, `${name} is stale: npm run dashboards`);
});

test('every dashboard has a uid of its own, that Grafana takes', () => {
  assert.equal(new Set(boards.map(([, board]) => board.uid)).size, boards.length);
  for (const [file, { uid, title }] of boards) assert.ok(/^[a-zA-Z0-9_-]{1,40}$/.test(uid ?? '') && title, file);
});

for (const [file, { panels, templating, annotations, tags, links }] of boards) {
  const edition = editions.find(({ folder }) => folder === (file.includes('/') ? file.split('/')[0] : ''))!;

  test(`${file}: leads to the dashboards of its own database`, () => {
    assert.deepEqual(tags, [edition.tag]);
    assert.deepEqual(
      links!.map((link) => link.tags),
      [[edition.tag]],
    );
  });

  test(`${file}: panels that Grafana draws, with title, data source and a known unit`, () => {
    for (const panel of panels) {
      assert.ok(drawn.includes(panel.type), `${panel.title}: ${panel.type}`);
      assert.ok(panel.title, 'a title');
      assert.deepEqual(panel.datasource, edition.datasource);
      const unit = panel.fieldConfig?.defaults.unit ?? '';
      assert.ok(known.has(unit) || /^suffix: ?\S/.test(unit), `${panel.title}: unit ${unit}`);
      const targets = panel.targets as unknown as { refId: string; datasource: object }[];
      assert.ok(targets.length > 0, panel.title);
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length);
      for (const target of targets) assert.deepEqual(target.datasource, edition.datasource);
    }
  });

  test(`${file}: ids are unique, panels lie on the grid of 24 and do not overlap`, () => {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of panels) {
      assert.ok(
        gridPos && gridPos.w > 0 && gridPos.h > 0 && gridPos.x >= 0 && gridPos.x + gridPos.w <= 24,
        `${title}: ${JSON.stringify(gridPos)}`,
      );
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          const other = taken.get(`${x},${y}`);
          assert.equal(other, undefined, `${title} lies on ${other}`);
          taken.set(`${x},${y}`, title ?? '');
        }
      }
    }
  });

  test(`${file}: queries name only variables that the dashboard has`, () => {
    const has = new Set((templating?.list ?? []).map(({ name }) => name));
    const text = JSON.stringify([panels, templating?.list, annotations]);
    for (const [, name] of text.matchAll(/\$\{(\w+):regex\}/g)) assert.ok(has.has(name!), `\${${name}} is no variable`);
    const macros = edition.histograms
      ? [...has, '__range', '__rate_interval', '__all']
      : ['timeFilter', '__interval', '__interval_ms', '__all', 'col'];
    for (const [, name] of text.matchAll(/\$(?!tag_|\{)(\w+)/g))
      assert.ok(macros.includes(name!), `$${name} is no macro of Grafana's`);
  });
}

test("Grafana's provisioning names the data sources of the queries and the folder of the dashboards", () => {
  const read = (file: string) => parse(readFileSync(`dashboards/provisioning/${file}`, 'utf8')) as unknown;
  const sources = ['influxdb', 'prometheus'].flatMap(
    (name) => (read(`datasources/${name}.yml`) as { datasources: { uid: string; type: string }[] }).datasources,
  );
  for (const { datasource } of editions)
    assert.ok(
      sources.some(({ uid, type }) => uid === datasource.uid && type === datasource.type),
      datasource.uid,
    );
  const { providers } = read('dashboards/gsai-perf.yml') as { providers: { options: { path: string } }[] };
  const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as { services: { grafana: { volumes: string[] } } };
  for (const { options } of providers)
    assert.ok(
      compose.services.grafana.volumes.some((volume) => volume.startsWith(`./${dashboardsFolder}:${options.path}:`)),
      options.path,
    );
});

test('each page is there for each database, with the same panels', () => {
  const titles = (file: string) => boards.find(([name]) => name === file)![1].panels.map(({ title }) => title);
  const influx = boards.map(([file]) => file).filter((file) => !file.includes('/'));
  assert.equal(boards.length, influx.length * editions.length);
  for (const file of influx)
    assert.deepEqual(
      titles(`prometheus/${file}`).map((title) => title!.replace(/, percentiles$/, '')),
      titles(file),
      file,
    );
});
