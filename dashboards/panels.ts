import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphDrawStyle,
  HeatmapCalculationOptionsBuilder,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import {
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
  type ValueMap,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder as Heatmap,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as Histogram } from '@grafana/grafana-foundation-sdk/histogram';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { quantileRanks } from '../lib/statistics';
import { kindOf, percentiles, values, type Ask, type Measurement, type Scope, type Where } from './ask';
import type { Edition } from './editions';
import { limitAsks, limitName, limits } from './limits';

/** A panel, drawn for one database. */
export type AnyPanel = (edition: Edition) => Builder<Panel>;

export interface Shown {
  title: string;
  /** What it shows and why it may be empty. */
  text?: string;
  asks: Ask[];
  unit?: string;
  /** Columns of 24. */
  span?: number;
  height?: number;
}

/** Panels that may show nothing begin their description so. The test demands data of all others. */
export const mayBeEmpty = 'May be empty: ';

interface Common {
  title(text: string): this;
  description(text: string): this;
  datasource(ref: Edition['datasource']): this;
  targets(targets: ReturnType<Edition['queries']>): this;
  unit(unit: string): this;
  span(w: number): this;
  height(h: number): this;
  interval(least: string): this;
}

function common<P extends Common>(
  edition: Edition,
  panel: P,
  { title, text, asks, unit, span = 12, height = 8 }: Shown,
): P {
  // No interval below a second: k6 sends once a second.
  panel
    .title(title)
    .datasource(edition.datasource)
    .targets(edition.queries(asks))
    .unit(unit ?? edition.unitOf(asks[0]!.from))
    .span(span)
    .height(height)
    .interval('1s');
  return text === undefined ? panel : panel.description(text);
}

const legend = () =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs(['mean', 'max', 'lastNotNull']);

/** So many values an interval of the chart must have before an interval of confidence is drawn. */
const many = 200;

/** How names of the two edges begin: by it the area between them is filled. */
export const edgeName = 'interval of ';

/**
 * The percentiles between which a percentile lies with 95 % where there are {@link many} values: of more values, the
 * interval is within them.
 */
function edges(rank: number): [number, number] {
  const [low, high] = quantileRanks(rank / 100, many);
  return [Math.floor((100 * low) / many), Math.ceil((100 * high) / many)];
}

function intervalAsks(of: Ask, rank: number): Ask[] {
  return edges(rank).map((edge, i) => ({
    ...of,
    select: percentiles(edge),
    least: many,
    alias: `${edgeName}p${rank}, ${['low', 'high'][i]}`,
  }));
}

interface Lines extends Shown {
  /** Draws the limits that the objectives of the chosen run's script set on this statistic. */
  slo?: string;
  /** Draws the 95 % interval of this percentile where there are many values. */
  interval?: number;
  stacked?: boolean;
  bars?: boolean;
}

/** Lines over time, with limits and an interval if they are asked for. */
export function series(shown: Lines): AnyPanel {
  const [first] = shown.asks;
  const found = shown.slo === undefined ? [] : limits(first!.from, shown.slo);
  const between = shown.interval === undefined ? [] : intervalAsks(first!, shown.interval);
  const sentences = [
    ...(shown.text === undefined ? [] : [shown.text]),
    ...(between.length === 0
      ? []
      : [
          `The shaded area is where the true p${shown.interval} lies with 95 % probability; it is drawn for intervals with at least ${many} requests, and would be wider where requests wait for each other.`,
        ]),
    ...(found.length === 0
      ? []
      : [
          `The dashed lines are the limits that the objectives of this script set on ${shown.slo}. Those of all scripts: ${found.map((limit) => limit.text).join('; ')}.`,
        ]),
  ];
  const asks = [...shown.asks, ...limitAsks(first!, found), ...between];
  return (edition) => {
    if (onlyAtTheEnd(edition, shown.asks)) return spread(edition, shown);
    const text = sentences.length > 0 ? sentences.join(' ') : undefined;
    const panel = common(edition, new TimeSeries(), { ...shown, text, asks })
      .legend(legend())
      .showPoints(VisibilityMode.Auto)
      .spanNulls(false)
      .min(0);
    if (found.length > 0)
      panel.overrideByRegexp(`/^${limitName}/`, [
        { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
        { id: 'custom.showPoints', value: 'never' },
        { id: 'custom.spanNulls', value: true },
        { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
      ]);
    if (between.length > 0) {
      const [low, high] = between.map(({ alias }) => alias!);
      panel.overrideByRegexp(`/^${edgeName}/`, [
        { id: 'custom.lineWidth', value: 0 },
        { id: 'custom.showPoints', value: 'never' },
        { id: 'color', value: { mode: 'fixed', fixedColor: 'blue' } },
      ]);
      panel.overrideByName(high!, [
        { id: 'custom.fillBelowTo', value: low },
        { id: 'custom.fillOpacity', value: 20 },
      ]);
    }
    if (shown.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A')).fillOpacity(40);
    if (shown.bars) panel.drawStyle(GraphDrawStyle.Bars).fillOpacity(60);
    return panel;
  };
}

/** Where the values lie over time: the database's own histogram, or an unbiased sample, so that a long run stays light. */
export function heatmap(shown: Omit<Shown, 'asks'> & { from: Ask['from']; where?: Where }): AnyPanel {
  const asks: Ask[] = [{ select: values(50), from: shown.from, where: shown.where }];
  return (edition) => {
    if (onlyAtTheEnd(edition, asks))
      return spread(edition, { ...shown, asks: [{ ...asks[0]!, select: percentiles(5, 25, 50, 75, 95, 99) }] });
    const text = edition.histograms
      ? 'It shows the histogram of each interval.'
      : 'It shows a sample of at most 50 values of each interval, drawn without bias; with INFLUX=aggregate, percentiles of each interval.';
    const panel = common(edition, new Heatmap(), {
      ...shown,
      asks,
      text: shown.text === undefined ? text : `${shown.text} ${text}`,
    })
      .calculate(!edition.histograms)
      .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(64))
      .yAxis(new YAxisConfigBuilder().unit(shown.unit ?? edition.unitOf(shown.from)));
    return edition.histograms ? panel : panel.calculation(new HeatmapCalculationOptionsBuilder());
  };
}

/** How the values of a whole run are spread: a histogram of a sample, or percentiles where the database has no values. */
export function histogram(shown: {
  title: string;
  from: Measurement;
  scope: Scope;
  by: readonly string[];
  alias: string;
}): AnyPanel {
  const { title, ...of } = shown;
  return (edition) =>
    edition.histograms
      ? spread(edition, {
          title: `${title}, percentiles`,
          text: 'Prometheus keeps no single values, so percentiles take the place of a histogram.',
          asks: [{ ...of, select: percentiles(5, 25, 50, 75, 95, 99), alias: `${of.alias} $col` }],
        })
      : common(edition, new Histogram(), {
          title,
          text: 'It shows a sample of at most 2,000 values of each run.',
          asks: [{ ...of, select: values(2000), whole: true }],
        }).fillOpacity(40);
}

const lastValue = () => new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false);

/** One value. Its colour means something only where it has `steps`; Grafana's own would be red from 80 on. */
export function number(shown: Shown & { steps?: Step[] }): AnyPanel {
  return (edition) =>
    common(edition, new Stat(), { span: 4, height: 4, ...shown })
      .thresholds(stepsOf(shown.steps ?? plain))
      .reduceOptions(lastValue());
}

/** One bar for each series, with the figure of the whole time. */
export const bars =
  (shown: Shown): AnyPanel =>
  (edition) =>
    spread(edition, shown);

/** One bar for each figure of the whole time. */
function spread(edition: Edition, shown: Shown): BarGauge {
  const asks = shown.asks.map((ask) => ({ ...ask, whole: true }));
  return common(edition, new BarGauge(), { ...shown, asks })
    .thresholds(stepsOf(plain))
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(lastValue());
}

/** What is known only after the load, Prometheus gets in one write: there is nothing over time. */
const onlyAtTheEnd = (edition: Edition, asks: readonly Ask[]) =>
  edition.histograms && asks.some(({ from }) => kindOf(from).afterwards);

/** A table with one row a tag set; the time, which means nothing here, is hidden. */
export function table(shown: Shown): AnyPanel {
  const asks = shown.asks.map((ask) => ({ ...ask, table: true, whole: true }));
  return (edition) => {
    const panel = common(edition, new Table(), { ...shown, asks })
      .thresholds(stepsOf(plain))
      .overrideByName('Time', [{ id: 'custom.hidden', value: true }])
      .overrideByName('verdict', [
        { id: 'mappings', value: [verdicts] },
        { id: 'custom.cellOptions', value: { type: 'color-background' } },
      ]);
    for (const transformation of edition.columns(asks)) panel.withTransformation(transformation);
    // One figure of its own unit among others: a number of requests is no time.
    for (const { select, from } of asks)
      for (const { figure, as } of select)
        if (figure === 'count' && kindOf(from).type === 'trend')
          panel.overrideByName(as, [{ id: 'unit', value: 'short' }]);
    return panel;
  };
}

/** A verdict's colours. */
const verdicts: ValueMap = {
  type: MappingType.ValueToText,
  options: {
    PASS: { color: 'green', index: 0 },
    FAIL: { color: 'red', index: 1 },
    INVALID: { color: 'orange', index: 2 },
  },
};

/** One row a tag value, coloured by the value. */
export function states(shown: Shown & { steps: Step[] }): AnyPanel {
  return (edition) =>
    common(edition, new StateTimeline(), shown)
      .thresholds(stepsOf(shown.steps))
      .mergeValues(true)
      .showValue(VisibilityMode.Never);
}

/** From a value on, a colour; the first has no value. */
export interface Step {
  value: number | null;
  color: string;
}

/** A value that is neither good nor bad by itself. */
const plain: Step[] = [{ value: null, color: 'blue' }];

const stepsOf = (steps: Step[]) => new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
