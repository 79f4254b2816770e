import {
  type DataFrame,
  type FieldConfigSource,
  type GrafanaTheme2,
  getFieldDisplayValues,
  type TimeRange,
} from '@grafana/data';
import type { LegendDisplayMode, VizOrientation } from '@grafana/schema';
import { BigValue, TimeSeries, type UPlotConfigBuilder, VizRepeater } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { useLayoutEffect } from 'react';
import { Timeline } from './timeline.tsx';

/** A panel of the file with what it draws. */
export interface DrawnPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: FieldConfigSource;
  // biome-ignore lint/suspicious/noExplicitAny: each kind of panel has its own, and the library's types are of no help.
  readonly options: any;
  readonly frames: DataFrame[];
}

/** A line at a time, in milliseconds since 1970. */
export interface Mark {
  readonly time: number;
  readonly color: string;
}

interface PictureProps {
  readonly panel: DrawnPanel;
  readonly marks: readonly Mark[];
  readonly range: TimeRange;
  readonly theme: GrafanaTheme2;
  readonly width: number;
  readonly height: number;
}

/** What is inside of a panel. */
export function Picture({ panel, marks, range, theme, width, height }: PictureProps) {
  const { type, frames, options, fieldConfig } = panel;
  const size = { width, height };
  if (type === 'stat') return <Stat panel={panel} theme={theme} {...size} />;
  if (type === 'table') {
    const [frame] = frames;
    // Grafana draws this sentence in place of a table without columns.
    if (!frame || frame.fields.length === 0) return <Sentence text={fieldConfig.defaults.noValue ?? 'No data'} />;
    return (
      <TableNG
        data={frame}
        {...size}
        sortBy={options.sortBy}
        cellHeight={options.cellHeight}
        fieldConfig={fieldConfig}
        timeRange={range}
        enableVirtualization={false}
        {...(fieldConfig.defaults.noValue !== undefined && { noValue: fieldConfig.defaults.noValue })}
      />
    );
  }
  if (frames.length === 0) return <Sentence text="No data" />;
  if (type === 'state-timeline') return <Timeline frames={frames} range={range} theme={theme} {...size} />;
  return (
    <TimeSeries
      frames={frames}
      timeRange={range}
      timeZone="utc"
      legend={{ ...options.legend, displayMode: options.legend.displayMode as LegendDisplayMode }}
      options={options}
      {...size}
    >
      {(builder: UPlotConfigBuilder) => <Marks builder={builder} marks={marks} />}
    </TimeSeries>
  );
}

function Stat({ panel, theme, width, height }: Omit<PictureProps, 'marks' | 'range'>) {
  const { options, fieldConfig, frames } = panel;
  const values = () =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables: text => text,
      theme,
      data: frames,
      timeZone: 'utc',
    });
  return (
    <VizRepeater
      source={frames}
      getValues={values}
      width={width}
      height={height}
      orientation={'auto' as VizOrientation}
      itemSpacing={3}
      renderCounter={0}
      renderValue={({ value, width, height }) => (
        <BigValue
          value={value.display}
          width={width}
          height={height}
          theme={theme}
          colorMode={options.colorMode}
          graphMode={options.graphMode}
          textMode={options.textMode}
          justifyMode={options.justifyMode}
          {...(fieldConfig.defaults.noValue !== undefined && { noValue: fieldConfig.defaults.noValue })}
        />
      )}
    />
  );
}

function Sentence({ text }: { readonly text: string }) {
  return <div style={{ display: 'grid', placeItems: 'center', height: '100%' }}>{text}</div>;
}

/** The annotations, which Grafana draws in a plug-in of its own. */
function Marks({ builder, marks }: { readonly builder: UPlotConfigBuilder; readonly marks: readonly Mark[] }) {
  useLayoutEffect(() => {
    builder.addHook('draw', plot => {
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.setLineDash([5, 5]);
      ctx.lineWidth = 1.5;
      for (const { time, color } of marks) {
        const x = plot.valToPos(time, 'x', true);
        if (x < bbox.left || x > bbox.left + bbox.width) continue;
        ctx.strokeStyle = color;
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
      }
      ctx.restore();
    });
  }, [builder, marks]);
  return null;
}
