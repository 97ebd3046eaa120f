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
import type { AnnotationOf, Edition } from './editions';
import type { AnyPanel } from './panels';

/** Lists the values of a tag; `narrowed` names the tags that the variables above it narrow. */
function tagVariable(edition: Edition, name: string, label: string, tag: string, narrowed?: string) {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(edition.datasource)
    .query(edition.values(tag, narrowed))
    .refresh(VariableRefresh.OnTimeRangeChanged);
}

const all = (variable: QueryVariableBuilder): QueryVariableBuilder =>
  variable.includeAll(true).multi(true).allValue('.*').current({ text: 'All', value: '$__all' });

/** The newest first: a run's name begins with its time. */
const runs = (variable: QueryVariableBuilder) => variable.sort(VariableSort.AlphabeticalDesc);

/** Script, run, and what narrows a run further. */
const oneRun = (edition: Edition): QueryVariableBuilder[] => [
  all(tagVariable(edition, 'script', 'Script', 'script')),
  runs(tagVariable(edition, 'run', 'Run', 'run_id', 'script')),
  all(tagVariable(edition, 'model', 'Model', 'model', 'run')),
  all(tagVariable(edition, 'provider', 'Provider (family of the model)', 'family', 'run')),
  all(tagVariable(edition, 'agency', 'Agency (place in API_KEYS_FILE)', 'agency', 'run')),
];

/** Grafana chooses the first of a list: the newest run as A, and as B the newest of the others, which is the one before. */
const twoRuns = (edition: Edition): QueryVariableBuilder[] => [
  runs(tagVariable(edition, 'run_a', 'Run A', 'run_id')),
  runs(tagVariable(edition, 'run_b', 'Run B', 'run_id', 'not run_a')),
];

function annotation(edition: Edition, name: string, color: string, of: AnnotationOf) {
  const { target, more } = edition.annotation(name, of);
  const built: AnnotationQuery = new AnnotationQueryBuilder()
    .name(name)
    .datasource(edition.datasource)
    .enable(true)
    .iconColor(color)
    .target(target)
    .build();
  return { build: () => ({ ...built, ...more }) };
}

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
export function dashboardOf({ name, title, text, panels, pair = false }: Page, edition: Edition): Dashboard {
  const builder = new DashboardBuilder(`gsai-perf: ${title}${edition.titled}`)
    .uid(`${edition.tag}-${name}`)
    .description(edition.note === undefined ? text : `${text} ${edition.note}`)
    .tags([edition.tag])
    .editable()
    .time({ from: pair ? edition.pairFrom : 'now-15m', to: 'now' })
    .refresh('5s')
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('gsai-perf')
        .type(DashboardLinkType.Dashboards)
        .tags([edition.tag])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    );
  for (const variable of pair ? twoRuns(edition) : oneRun(edition)) builder.withVariable(variable);
  if (!pair) {
    builder
      .annotation(annotation(edition, 'Phase', 'blue', 'phase'))
      .annotation(annotation(edition, 'Verdict', 'purple', 'verdict'));
  }
  for (const panel of panels) builder.withPanel(panel(edition));
  const dashboard = builder.build();
  dashboard.panels?.forEach((panel, i) => {
    panel.id = i + 1;
  });
  return dashboard;
}
