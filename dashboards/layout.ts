import { type Panel, RowBuilder, type RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';

const columns = 24;

/** Panels of one height beside one another; they share the width. */
export interface Line {
  readonly height: number;
  readonly panels: readonly Panel[];
}

/** Lines below a title. */
export interface Row {
  readonly title: string;
  readonly lines: readonly Line[];
}

export function line(height: number, ...panels: readonly Panel[]): Line {
  return { height, panels };
}

export function row(title: string, ...lines: readonly Line[]): Row {
  return { title, lines };
}

/** Gives each panel its place, so that the whole width is used and no hole is left. */
export function place(rows: readonly Row[]): (Panel | RowPanel)[] {
  let y = 0;
  return rows.flatMap(({ title, lines }) => {
    const head = new RowBuilder(title).gridPos({ x: 0, y, w: columns, h: 1 }).build();
    y += 1;
    const placed = lines.flatMap(({ height, panels }) => {
      const top = y;
      y += height;
      return panels.map((panel, index) => {
        const x = Math.floor((columns * index) / panels.length);
        const end = Math.floor((columns * (index + 1)) / panels.length);
        return { ...panel, gridPos: { x, y: top, w: end - x, h: height } };
      });
    });
    return [head, ...placed];
  });
}
