import {
  createTheme,
  dateTime,
  EventBusSrv,
  type GrafanaTheme2,
  LoadingState,
  ThemeContext,
  type TimeRange,
} from '@grafana/data';
import { GlobalStyles, PanelChrome, PanelContextProvider } from '@grafana/ui';
import { Component, type ReactNode } from 'react';
import { type DrawnPanel, type Mark, Picture } from './picture.tsx';

export type { DrawnPanel, Mark };

interface DashboardProps {
  readonly title: string;
  readonly variables: readonly { readonly label: string; readonly value: string }[];
  readonly panels: readonly DrawnPanel[];
  readonly marks: readonly Mark[];
  /** Seconds since 1970. */
  readonly range: { readonly from: number; readonly to: number };
  readonly width: number;
}

const theme = createTheme({ colors: { mode: 'dark' } }) as GrafanaTheme2;
/** As in Grafana: cells of 30 pixels with 8 between them. */
const cell = 38;
const gap = 8;
const head = 56;
const context = { eventsScope: 'viewer', eventBus: new EventBusSrv() };

/** All panels at their places, with what is chosen above them. */
export function Dashboard({ title, variables, panels, marks, range: { from, to }, width }: DashboardProps) {
  const range: TimeRange = {
    from: dateTime(from * 1000),
    to: dateTime(to * 1000),
    raw: { from: dateTime(from * 1000), to: dateTime(to * 1000) },
  };
  const unit = width / 24;
  const bottom = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
  const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 16);
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <PanelContextProvider value={context}>
        <div
          id="dashboard"
          style={{
            position: 'relative',
            width: width + gap,
            height: head + bottom * cell + gap,
            background: theme.colors.background?.canvas,
          }}
        >
          <div style={{ display: 'flex', gap: 24, alignItems: 'baseline', padding: '16px 12px' }}>
            <b style={{ fontSize: 18 }}>{title}</b>
            {variables.map(({ label, value }) => (
              <span key={label}>
                <span style={{ color: theme.colors.text?.secondary }}>{label} </span>
                {value}
              </span>
            ))}
            <span style={{ marginLeft: 'auto' }}>
              {clock(from)} to {clock(to)} UTC
            </span>
          </div>
          {panels.map(panel => {
            const { x, y, w, h } = panel.gridPos;
            const place = { position: 'absolute', left: x * unit + gap, top: head + y * cell } as const;
            if (panel.type === 'row')
              return (
                <div key={panel.id} style={{ ...place, fontSize: 16, fontWeight: 500, lineHeight: `${cell - gap}px` }}>
                  ⌄ {panel.title}
                </div>
              );
            return (
              <div key={panel.id} style={place}>
                <PanelChrome
                  title={panel.title}
                  description={panel.description}
                  width={w * unit - gap}
                  height={h * cell - gap}
                  loadingState={LoadingState.Done}
                >
                  {(width, height) => (
                    <Fallible name={panel.title}>
                      <Picture panel={panel} marks={marks} range={range} theme={theme} width={width} height={height} />
                    </Fallible>
                  )}
                </PanelChrome>
              </div>
            );
          })}
        </div>
      </PanelContextProvider>
    </ThemeContext.Provider>
  );
}

interface FallibleProps {
  readonly name: string;
  readonly children: ReactNode;
}

/** Says what went wrong in the place of the panel, so that the others are drawn. */
class Fallible extends Component<FallibleProps, { readonly fault?: Error }> {
  override state: { readonly fault?: Error } = {};

  static getDerivedStateFromError(fault: Error) {
    return { fault };
  }

  override render() {
    const { fault } = this.state;
    return fault ? <pre data-fault>{`${this.props.name}: ${fault.stack}`}</pre> : this.props.children;
  }
}
