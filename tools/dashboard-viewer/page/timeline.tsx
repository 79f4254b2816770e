import { type DataFrame, type GrafanaTheme2, getFieldDisplayName, type TimeRange } from '@grafana/data';

interface TimelineProps {
  readonly frames: readonly DataFrame[];
  readonly range: TimeRange;
  readonly theme: GrafanaTheme2;
  readonly width: number;
  readonly height: number;
}

const axis = 22;
const legendHeight = 24;
const letter = 6.6;

/** A state timeline of our own: Grafana's is in no library. */
export function Timeline({ frames, range, theme, width, height }: TimelineProps) {
  const names = frames.map(frame =>
    getFieldDisplayName(frame.fields[1] as DataFrame['fields'][number], frame, [...frames]),
  );
  const left = Math.min(width / 2, Math.max(...names.map(({ length }) => length)) * letter + 12);
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  const x = (time: number) => left + ((time - from) / (to - from)) * (width - left - 8);
  const row = Math.min(60, (height - axis - legendHeight) / frames.length);
  const bars = frames.flatMap((frame, index) => findSpans(frame).map(span => ({ ...span, index })));
  const legend = [...new Map(bars.map(({ text, color }) => [text, color]))];
  const ticks = Array.from({ length: 7 }, (_, index) => from + ((index + 0.5) * (to - from)) / 7);
  const text = { fontSize: 12, fill: theme.colors.text?.primary, fontFamily: theme.typography.fontFamily };
  return (
    <svg width={width} height={height} role="img" aria-label="states over time">
      {names.map((name, index) => (
        <text key={name} {...text} x={left - 8} y={index * row + row / 2 + 4} textAnchor="end">
          {name}
        </text>
      ))}
      {bars.map(({ index, start, end, color, text: state }) => (
        <rect
          key={`${index} ${start}`}
          x={x(start)}
          y={index * row + row * 0.075}
          width={Math.max(1, x(end) - x(start))}
          height={row * 0.85}
          fill={color}
          fillOpacity={0.8}
        >
          <title>{state}</title>
        </rect>
      ))}
      {ticks.map(time => (
        <text key={time} {...text} x={x(time)} y={frames.length * row + 14} textAnchor="middle">
          {new Date(time).toISOString().slice(11, 16)}
        </text>
      ))}
      {legend.map(([state, color], index) => (
        <g key={state} transform={`translate(${8 + index * 100} ${height - 12})`}>
          <rect width={14} height={4} y={-6} fill={color} />
          <text {...text} x={20}>
            {state}
          </text>
        </g>
      ))}
    </svg>
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly color: string;
  readonly text: string;
}

/** Equal values beside one another are one bar. */
function findSpans({ fields: [time, value], length }: DataFrame): Span[] {
  const spans: Span[] = [];
  let first = 0;
  for (let index = 1; index <= length; index += 1) {
    if (index < length && value?.values[index] === value?.values[first]) continue;
    const { text = '', color = 'grey' } = value?.display?.(value.values[first]) ?? {};
    spans.push({ start: time?.values[first], end: time?.values[Math.min(index, length - 1)], color, text });
    first = index;
  }
  return spans;
}
