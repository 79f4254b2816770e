import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

/** A dashboard as it is in a file. */
export interface PlainDashboard extends Readonly<Record<string, unknown>> {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly PlainPanel[];
}

interface PlainPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly Readonly<Record<string, unknown>>[];
  readonly options?: Readonly<Record<string, unknown>>;
}

type Plain = Record<string, unknown>;

/** The entry that Grafana's own editor writes, for annotations that are made by hand. */
const byHand = {
  builtIn: 1,
  datasource: { type: 'grafana', uid: '-- Grafana --' },
  enable: true,
  hide: true,
  iconColor: 'rgba(0, 211, 255, 1)',
  name: 'Annotations & Alerts',
  type: 'dashboard',
};

/** Puts right what the SDK leaves out or adds (its version 0.0.21). */
export function mend(dashboard: Dashboard): PlainDashboard {
  // What it builds has functions in it, which are not meant to be there.
  const plain = JSON.parse(JSON.stringify(dashboard));
  return {
    ...plain,
    panels: (plain.panels ?? []).map(mendPanel),
    annotations: { list: [byHand, ...(plain.annotations?.list ?? []).map(mendAnnotation)] },
    templating: { list: (plain.templating?.list ?? []).map(mendVariable) },
    links: (plain.links ?? []).map(mendLink),
  };
}

/** Panels have no id, and rows all have 0; repeats, links and alerts go by it. */
function mendPanel(panel: Plain, index: number): Plain {
  const targets = panel['targets'] as Plain[] | undefined;
  return {
    ...panel,
    id: index + 1,
    ...(targets && { targets: targets.map(mendTarget) }),
    ...(panel['type'] === 'stat' && { options: mendStat(panel['options'] as Plain) }),
    ...(panel['type'] === 'table' && mendTable(panel)),
  };
}

/** Queries have no refId unless they were given one. */
function mendTarget(target: Plain, index: number): Plain {
  return { ...target, refId: target['refId'] ?? String.fromCharCode('A'.charCodeAt(0) + index) };
}

/** No calculation at all is what a stat begins with. */
function mendStat(options: Plain): Plain {
  const reduce = options['reduceOptions'] as Plain & { readonly calcs?: readonly string[] };
  return { ...options, reduceOptions: { ...reduce, calcs: reduce.calcs?.length ? reduce.calcs : ['lastNotNull'] } };
}

/** A table has the footer of older versions, and not the kind of cell that every table has. */
function mendTable({ options, fieldConfig }: Plain): Plain {
  const { footer, ...rest } = options as Plain;
  const { defaults, ...config } = fieldConfig as Plain & { readonly defaults: Plain };
  const custom = { cellOptions: { type: 'auto' }, ...(defaults['custom'] as Plain | undefined) };
  return { options: rest, fieldConfig: { ...config, defaults: { ...defaults, custom } } };
}

/** The switch of an annotation would be hidden in a menu. */
function mendAnnotation({ placement, ...annotation }: Plain): Plain {
  return annotation;
}

function mendLink({ placement, ...link }: Plain): Plain {
  return link;
}

/** Every variable has the settings of an interval. */
function mendVariable({ auto, auto_min, auto_count, ...variable }: Plain): Plain {
  return variable;
}
