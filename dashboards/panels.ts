import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  type DataSourceRef,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as SeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

export const prometheus: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

/** From which value on which colour; the first one has no value. */
export type Steps = readonly (readonly [from: number | null, color: string])[];

/** Nothing is good or bad about the value. */
export const neutral: Steps = [[null, 'blue']];
/** One is too many. */
export const none: Steps = [
  [null, 'green'],
  [1, 'red'],
];

/** Lines of what went up and what went down. */
export const verdictColors = [
  ['\\bup\\b', 'green'],
  ['\\bdown\\b', 'red'],
] as const;

/** What every panel says of itself. */
export interface About {
  readonly title: string;
  /** What it shows, and what to look at. */
  readonly description: string;
  readonly unit: string;
  readonly steps: Steps;
}

/** An expression, and what its series are called. */
export type Line = readonly [expression: string, legend: string];

interface StatOptions extends About {
  readonly query: string;
  readonly mappings?: ValueMapping[];
  readonly decimals?: number;
  /** Shows the name of the series, such as a reason, and not its value. */
  readonly named?: string;
  /** Stands there when there is nothing. */
  readonly noValue?: string;
}

/** One number, large: for the wall. */
export function stat({ query, mappings = [], decimals, named, noValue, ...about }: StatOptions): Panel {
  const builder = describe(new StatBuilder(), about)
    .withTarget(
      new DataqueryBuilder()
        .datasource(prometheus)
        .expr(query)
        .instant()
        .legendFormat(named ?? '__auto'),
    )
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .mappings(mappings)
    .colorMode(BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .textMode(named === undefined ? BigValueTextMode.Value : BigValueTextMode.Name);
  if (decimals !== undefined) builder.decimals(decimals);
  if (noValue !== undefined) builder.noValue(noValue);
  return builder.build();
}

interface SeriesOptions extends About {
  readonly lines: readonly Line[];
  /** What a name of a line has in it, as a regular expression, and its colour: green is never a failure. */
  readonly colors?: readonly (readonly [pattern: string, color: string])[];
  /** Names have the same colour wherever they are, although two of them may have nearly the same. */
  readonly colorsOfNames?: true;
  /** Points of single observations, where Prometheus keeps exemplars. */
  readonly exemplars?: true;
}

/** Values over time; counts and rates begin at 0. */
export function series({ lines, colors = [], colorsOfNames, exemplars, ...about }: SeriesOptions): Panel {
  const palette = colorsOfNames ? FieldColorModeId.PaletteClassicByName : FieldColorModeId.PaletteClassic;
  const builder = describe(new SeriesBuilder(), about)
    .colorScheme(new FieldColorBuilder().mode(palette))
    .min(0)
    .lineWidth(1)
    .fillOpacity(0)
    .showPoints(VisibilityMode.Never)
    .legend(legendBelow())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  // A bound of rates would be one of no meaning: any failure is too many.
  if (about.steps.length > 1 && about.steps !== none)
    builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  const softMax = leastAxis[about.unit];
  if (about.steps === none && softMax !== undefined) builder.axisSoftMax(softMax);
  for (const [pattern, color] of colors)
    builder.overrideByRegexp(`/${pattern}/`, [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]);
  for (const line of lines) {
    const query = overTime(line);
    builder.withTarget(exemplars ? query.exemplar(true) : query);
  }
  return builder.build();
}

/** Where nothing happened the axis would go up to 100. */
const leastAxis: Readonly<Record<string, number>> = { none: 1, ops: 0.1 };

interface TimelineOptions extends About {
  readonly lines: readonly Line[];
  readonly mappings: ValueMapping[];
}

/** States over time, a bar for each object. */
export function timeline({ lines, mappings, ...about }: TimelineOptions): Panel {
  const builder = describe(new TimelineBuilder(), about)
    .mappings(mappings)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.85)
    .fillOpacity(80)
    .lineWidth(0)
    .legend(legendBelow())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None));
  for (const line of lines) builder.withTarget(overTime(line));
  return builder.build();
}

export function thresholds(steps: Steps): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}

/** What all builders of panels can be told. */
interface Describable {
  title(title: string): this;
  description(description: string): this;
  datasource(reference: DataSourceRef): this;
  unit(unit: string): this;
  thresholds(steps: ThresholdsConfigBuilder): this;
}

export function describe<Builder extends Describable>(
  builder: Builder,
  { title, description, unit, steps }: About,
): Builder {
  return builder.title(title).description(description).datasource(prometheus).unit(unit).thresholds(thresholds(steps));
}

function overTime([expression, legend]: Line): DataqueryBuilder {
  return new DataqueryBuilder().datasource(prometheus).expr(expression).range().legendFormat(legend);
}

function legendBelow(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true);
}
