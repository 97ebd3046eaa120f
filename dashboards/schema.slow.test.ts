import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import Ajv, { type ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';
import { dashboardFiles } from '../tools/commands/dashboards';

/*
 * Grafana's own schema of dashboards and panels, as its Foundation SDK publishes it: types that Grafana makes from the
 * CUE schemas of its panels. They become JSON schemas here, with no property allowed that Grafana does not know.
 */

const packages = 'node_modules/@grafana/grafana-foundation-sdk/dist';

/** The folders of the SDK that hold the kinds of panel we draw with. */
const kinds: Record<string, string> = {
  timeseries: 'timeseries',
  stat: 'stat',
  heatmap: 'heatmap',
  table: 'table',
  bargauge: 'bargauge',
  histogram: 'histogram',
  'state-timeline': 'statetimeline',
};

function validator(folder: string, type: string): ValidateFunction {
  const generator = createGenerator({
    path: `${packages}/${folder}/types.gen.d.ts`,
    tsconfig: 'tsconfig.node.json',
    type,
    skipTypeCheck: true,
    additionalProperties: false,
    functions: 'hide',
  });
  const schema = generator.createSchema(type);
  if (folder === 'dashboard') {
    // A query is whatever its data source says: of Prometheus' ones there is a schema, which has its own test. InfluxDB
    // and Prometheus take more of an annotation than all data sources have in common.
    schema.definitions!.Dataquery = { type: 'object', required: ['refId', 'datasource'] };
    schema.definitions!.AnnotationQuery = {
      ...(schema.definitions!.AnnotationQuery as object),
      additionalProperties: true,
    };
  }
  return new Ajv({ strict: false, allErrors: true }).compile(schema);
}

/** Panels that have fields of their own, by the schema. */
const withFields = ['timeseries', 'heatmap', 'table', 'histogram', 'state-timeline'];

const boards = [...dashboardFiles()].map(([file, text]) => [file, JSON.parse(text) as Dashboard] as const);

function check(validate: ValidateFunction, value: unknown, what: string): void {
  const valid = validate(value);
  assert.ok(valid, `${what}: ${JSON.stringify(validate.errors?.slice(0, 5))}`);
}

test("every dashboard is one by Grafana's schema", () => {
  const validate = validator('dashboard', 'Dashboard');
  for (const [file, board] of boards) check(validate, board, file);
  const [, board] = boards[0]!;
  assert.ok(
    !validate({ ...board, panels: [{ ...(board.panels![0] as Panel), tittle: 'x' }] }),
    'it refuses what is not',
  );
});

test("every query of Prometheus is one by Grafana's schema", () => {
  const validate = validator('prometheus', 'Dataquery');
  let n = 0;
  for (const [file, { panels = [] }] of boards) {
    for (const { targets = [], title, datasource } of panels as Panel[]) {
      if (datasource?.type !== 'prometheus') continue;
      for (const target of targets) check(validate, target, `${file}: ${title}`);
      n += targets.length;
    }
  }
  assert.ok(n > 100, `${n} queries`);
});

for (const [type, folder] of Object.entries(kinds)) {
  test(`every panel ${type} has options and fields by Grafana's schema`, () => {
    const options = validator(folder, 'Options');
    const fields = withFields.includes(type) ? validator(folder, 'FieldConfig') : undefined;
    const panels = boards.flatMap(([file, { panels = [] }]) =>
      (panels as Panel[]).filter((panel) => panel.type === type).map((panel) => ({ file, panel })),
    );
    assert.ok(panels.length > 0, type);
    for (const { file, panel } of panels) {
      check(options, panel.options, `${file}: ${panel.title}`);
      if (fields) check(fields, panel.fieldConfig?.defaults.custom ?? {}, `${file}: ${panel.title}`);
    }
    assert.ok(!options({ ...panels[0]!.panel.options, noSuchOption: true }), 'it refuses what is not');
  });
}
