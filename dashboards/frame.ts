import {
  type AnnotationQuery,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { place, type Row } from './layout.ts';
import { mend, type PlainDashboard } from './mend.ts';

/** Every dashboard by its uid, in the order of the links on top of each. */
export const uids = {
  overview: 'checkalived-overview',
  virtualServer: 'checkalived-virtual-server',
  realServer: 'checkalived-real-server',
  vrrp: 'checkalived-vrrp',
  agent: 'checkalived-agent',
} as const;

/** Not among the links: it needs a data source that most do not have. */
export const historyUid = 'checkalived-event-history';

const titles: Readonly<Record<keyof typeof uids, string>> = {
  overview: 'Overview',
  virtualServer: 'Virtual server',
  realServer: 'Real server',
  vrrp: 'VRRP',
  agent: 'Agent',
};

interface Frame {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly from: string;
  readonly variables: readonly VariableModel[];
  readonly annotations: readonly AnnotationQuery[];
  readonly rows: readonly Row[];
}

/** A dashboard of panels, with what all of ours have in common. */
export function frame({ uid, title, description, from, variables, annotations, rows }: Frame): PlainDashboard {
  const built = new DashboardBuilder(`checkalived / ${title}`)
    .uid(uid)
    .description(description)
    .tags(['checkalived', 'lvs'])
    .timezone('browser')
    .time({ from, to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .variables(variables.map(variable => ({ build: () => variable })))
    .annotations(annotations.map(annotation => ({ build: () => annotation })))
    .links(linksTo(uid))
    .build();
  return mend({ ...built, panels: place(rows) });
}

function linksTo(own: string): DashboardLinkBuilder[] {
  return Object.entries(uids)
    .filter(([, uid]) => uid !== own)
    .map(([name, uid]) =>
      new DashboardLinkBuilder(titles[name as keyof typeof uids])
        .type(DashboardLinkType.Link)
        .url(`/d/${uid}`)
        .tooltip(`The dashboard ${titles[name as keyof typeof uids]}, with what is chosen here`)
        .includeVars(true)
        .keepTime(true),
    );
}

const kept = '${__url_time_range}&${datasource:queryparam}&${job:queryparam}&${instance:queryparam}';

/** A click on a row of a table: to the virtual server that it is about. */
export const toVirtualServer = {
  title: 'Virtual server',
  url: `/d/${uids.virtualServer}?${kept}&var-virtual_server=\${__data.fields["Virtual server"]:percentencode}`,
};

/** A click on a row of a table: to the real server that it is about. */
export const toRealServer = {
  title: 'Real server',
  url: `/d/${uids.realServer}?${kept}&var-virtual_server=\${__data.fields["Virtual server"]:percentencode}&var-real_server=\${__data.fields["Real server"]:percentencode}`,
};
