import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
  type AnnotationQuery,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { datasource, InfluxQuery, influxql } from './influxql';
import type { AnyPanel } from './panels';

/** Lists the values of a tag; `where` narrows them by the variables above it. */
function tagVariable(name: string, label: string, tag: string, where = ''): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query(`SHOW TAG VALUES FROM "llm_started" WITH KEY = "${tag}"${where}`)
    .refresh(VariableRefresh.OnTimeRangeChanged);
}

const ofRun = ' WHERE "run_id" =~ /^${run:regex}$/';
const all = (variable: QueryVariableBuilder): QueryVariableBuilder =>
  variable.includeAll(true).multi(true).allValue('.*').current({ text: 'All', value: '$__all' });
/** The newest first: a run's name begins with its time. */
const runVariable = (name: string, label: string, where = '') =>
  tagVariable(name, label, 'run_id', where).sort(VariableSort.AlphabeticalDesc);

/** Grafana chooses the first of a list: the newest run as A, and as B the newest of the others, which is the one before. */
const otherRun = () => runVariable('run_b', 'Run B', ' WHERE "run_id" !~ /^${run_a:regex}$/');

const script = () => all(tagVariable('script', 'Script', 'script'));
const run = () => runVariable('run', 'Run', ' WHERE "script" =~ /^${script:regex}$/');
const model = () => all(tagVariable('model', 'Model', 'model', ofRun));
const provider = () => all(tagVariable('provider', 'Provider (family of the model)', 'family', ofRun));
const agency = () => all(tagVariable('agency', 'Agency (place in API_KEYS_FILE)', 'agency', ofRun));

/** What Grafana's InfluxDB data source takes of an annotation besides the SDK's fields. */
interface InfluxAnnotation extends AnnotationQuery {
  query: string;
  textColumn: string;
  titleColumn?: string;
}

function annotation(name: string, color: string, query: string, textColumn: string) {
  const built = new AnnotationQueryBuilder()
    .name(name)
    .datasource(datasource)
    .enable(true)
    .iconColor(color)
    .target(new InfluxQuery(name, query, { table: true }))
    .build();
  const whole: InfluxAnnotation = { ...built, query, textColumn };
  return { build: () => whole };
}

/** A phase begins where its first request was started. */
const phases = () =>
  annotation(
    'Phase',
    'blue',
    `SELECT "first", "phase" FROM (${influxql({ select: 'first("value")', from: 'llm_started', scope: 'run', whole: true, by: ['phase'] })})`,
    'phase',
  );
const verdict = () =>
  annotation(
    'Verdict',
    'purple',
    influxql({ select: '"value", "verdict"', from: 'llm_verdict', scope: 'run', whole: true }),
    'verdict',
  );

export interface Page {
  /** The file's name in dashboards/json. */
  name: string;
  title: string;
  text: string;
  panels: AnyPanel[];
  /** Two runs side by side instead of one. */
  pair?: boolean;
}

/** A whole dashboard of a page, with the variables, the annotations and the links that all have. */
export function dashboardOf({ name, title, text, panels, pair = false }: Page): Dashboard {
  const builder = new DashboardBuilder(`gsai-perf: ${title}`)
    .uid(`gsai-perf-${name}`)
    .description(text)
    .tags(['gsai-perf'])
    .editable()
    .time({ from: 'now-15m', to: 'now' })
    .refresh('5s')
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('gsai-perf')
        .type(DashboardLinkType.Dashboards)
        .tags(['gsai-perf'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    );
  if (pair) builder.withVariable(runVariable('run_a', 'Run A')).withVariable(otherRun());
  else {
    for (const variable of [script(), run(), model(), provider(), agency()]) builder.withVariable(variable);
    builder.annotation(phases()).annotation(verdict());
  }
  for (const panel of panels) builder.withPanel(panel);
  const dashboard = builder.build();
  dashboard.panels?.forEach((panel, i) => {
    panel.id = i + 1;
  });
  return dashboard;
}
