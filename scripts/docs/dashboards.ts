import { listDashboards } from '../../dashboards/all.ts';
import { code, formatTable, pageHead, wrap } from './markdown.ts';

/** docs/reference/dashboards.md: what the dashboards show, panel by panel, as the panels say of themselves. */
export function writeDashboardsPage(): string {
  const sections = [...listDashboards()].map(([path, dashboard]) =>
    writeDashboard(path, dashboard as unknown as Described),
  );
  return `${pageHead('Dashboards', 'dashboards/*.ts')}
${wrap(`${code('checkalived dashboards DIR')} writes the dashboards of ${code('dashboards/json')} and the files with which Grafana finds them
(see ${code('checkalived dashboards --help')}). They ask a Prometheus that scrapes ${code('/metrics')} ([metrics](metrics.md)) in jobs whose names begin with ${code('checkalived')}; with
${code('metrics_detail basic')} connections and counters of single real servers stay empty, and a state is up or down alone. They lead to one another with what is chosen
and with the time; a click on a server in a table leads to that server.`)}

When you are paged:

1. **Overview**, *Real servers that are down*: which, since when, and for what reason. All with one reason at once point at the director or the network.
2. *Draining* is wanted (weight 0); down is not. *Virtual servers* says where the quorum is lost, and where a sorry server stands in.
3. A click on the real server: do all directors see it down, are its other services down, did its checks become slow before?
4. **Agent** if many fall at once: *Scheduler lag* and *In trouble* say whether the verdicts can be relied on.
5. **VRRP** if nobody answers: *Without master* and *Split brain* look at all directors of the job, whatever is chosen.

${wrap(`How to set them up, and pictures of them: [Prometheus and Grafana in ten minutes](../guides/prometheus-and-grafana.md). They were not loaded into a Grafana server. Tested is: that they are what Grafana's types ask for (@grafana/schema 13.2.3), that every expression parses and asks for
metrics that exist, and that every panel has data, with the right rows, texts and colours, when its queries run against a real Prometheus 2.42 and its transformations, overrides and mappings in
Grafana's own data package (@grafana/data 13.2.2; ${code('npm run test:dashboards')}).`)}

${sections.join('\n')}`;
}

interface Described {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly templating: { readonly list: readonly { readonly label?: string; readonly name: string }[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly builtIn?: number }[] };
  readonly panels: readonly { readonly type: string; readonly title: string; readonly description?: string }[];
}

function writeDashboard(path: string, { uid, title, description, templating, annotations, panels }: Described): string {
  const variables = templating.list.map(({ label, name }) => label ?? name).join(', ');
  const marks = annotations.list.filter(({ builtIn }) => builtIn === undefined).map(({ name }) => name);
  const rows: string[][] = [];
  let row = '';
  for (const panel of panels) {
    if (panel.type === 'row') row = panel.title;
    else {
      rows.push([row, panel.title, panel.description ?? '']);
      row = '';
    }
  }
  return `## ${title.replace('checkalived / ', '')}

${wrap(`${description} File ${code(`dashboards/${path}`)}, uid ${code(uid)}. To be chosen: ${variables}.${marks.length > 0 ? ` Marks: ${marks.join(', ')}.` : ''}`)}

${formatTable(['Row', 'Panel', 'What it shows'], rows)}`;
}
