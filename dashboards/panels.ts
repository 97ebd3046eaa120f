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
import { aggregated } from './aggregates';
import { datasource, InfluxQuery, unitOf, type Ask } from './influxql';
import { limitAsks, limitName, limits } from './limits';

export type AnyPanel = Builder<Panel>;

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

const refs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Each question is put to the samples and, where aggregates stand elsewhere (INFLUX=aggregate), to those. */
const queries = (asks: readonly Ask[]): InfluxQuery[] =>
  asks
    .flatMap((ask) => [undefined, aggregated(ask)].map((query, i) => ({ ask, query, twice: i > 0 })))
    .filter(({ query, twice }) => !twice || query !== undefined)
    .map(({ ask, query }, i) => InfluxQuery.of(refs[i]!, ask, query));

interface Common {
  title(text: string): this;
  description(text: string): this;
  datasource(ref: typeof datasource): this;
  targets(targets: InfluxQuery[]): this;
  unit(unit: string): this;
  span(w: number): this;
  height(h: number): this;
  interval(least: string): this;
}

function common<P extends Common>(panel: P, { title, text, asks, unit, span = 12, height = 8 }: Shown): P {
  // No interval below a second: k6 sends once a second.
  panel
    .title(title)
    .datasource(datasource)
    .targets(queries(asks))
    .unit(unit ?? unitOf(asks[0]!.from))
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

/** Lines over time; `slo` draws the limits that the objectives of the chosen run's script set on that statistic. */
export function series(shown: Shown & { slo?: string; stacked?: boolean; bars?: boolean }): TimeSeries {
  const [first] = shown.asks;
  const found = shown.slo === undefined ? [] : limits(first!.from, shown.slo);
  const text =
    found.length === 0
      ? shown.text
      : `${shown.text ?? ''} The dashed lines are the limits that the objectives of this script set on ${shown.slo}. Those of all scripts: ${found.map((limit) => limit.text).join('; ')}.`.trim();
  const panel = common(new TimeSeries(), { ...shown, text, asks: [...shown.asks, ...limitAsks(first!, found)] })
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
  if (shown.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A')).fillOpacity(40);
  if (shown.bars) panel.drawStyle(GraphDrawStyle.Bars).fillOpacity(60);
  return panel;
}

/** Where the values lie over time: an unbiased sample of each interval, so that a long run stays light. */
export function heatmap(shown: Omit<Shown, 'asks'> & { from: Ask['from']; where?: string }): Heatmap {
  const asks: Ask[] = [{ select: 'sample("value", 50) AS "value"', from: shown.from, where: shown.where }];
  return common(new Heatmap(), {
    ...shown,
    asks,
    text: `${shown.text ?? ''} It shows a sample of at most 50 values of each interval, drawn without bias; with INFLUX=aggregate, percentiles of each interval.`.trim(),
  })
    .calculate(true)
    .calculation(new HeatmapCalculationOptionsBuilder())
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(64))
    .yAxis(new YAxisConfigBuilder().unit(shown.unit ?? unitOf(shown.from)));
}

/** How often each size of value came. */
export function histogram(shown: Shown): Histogram {
  return common(new Histogram(), shown).fillOpacity(40);
}

/** One value. Its colour means something only where it has `steps`; Grafana's own would be red from 80 on. */
export function number(shown: Shown & { steps?: Step[] }): Stat {
  return common(new Stat(), { span: 4, height: 4, ...shown })
    .thresholds(stepsOf(shown.steps ?? plain))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
}

/** One bar for each series, with its last value. */
export function bars(shown: Shown): BarGauge {
  return common(new BarGauge(), shown)
    .thresholds(stepsOf(plain))
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
}

/** A table with one row a tag set; the time, which means nothing here, is hidden. */
export function table(shown: Shown): Table {
  return common(new Table(), {
    ...shown,
    asks: shown.asks.map((ask) => ({ ...ask, table: true, whole: true })),
  })
    .withTransformation({ id: 'merge', options: {} }) // of its two queries one has no answer
    .thresholds(stepsOf(plain))
    .overrideByName('Time', [{ id: 'custom.hidden', value: true }])
    .overrideByName('verdict', [
      { id: 'mappings', value: [verdicts] },
      { id: 'custom.cellOptions', value: { type: 'color-background' } },
    ]);
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
export function states(shown: Shown & { steps: Step[] }): StateTimeline {
  return common(new StateTimeline(), shown)
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
