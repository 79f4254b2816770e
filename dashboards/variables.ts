import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../src/metrics/catalogue.ts';
import { prometheus } from './panels.ts';
import { createSelect } from './promql.ts';

const ofAll = createSelect({});
const withVirtualServer = createSelect({ virtual_server: 'one' });

export const datasource = new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus').build();
export const job = several('job', 'Job', `label_values(${catalogue.buildInfo.name}, job)`);
export const instance = several(
  'instance',
  'Director',
  `label_values(${catalogue.buildInfo.name}{job=~"$job"}, instance)`,
);
export const virtualServers = several(
  'virtual_server',
  'Virtual server',
  `label_values(${ofAll(catalogue.virtualServerUp)}, virtual_server)`,
);
export const virtualServer = one(
  'virtual_server',
  'Virtual server',
  `label_values(${ofAll(catalogue.virtualServerUp)}, virtual_server)`,
);
export const realServer = one(
  'real_server',
  'Real server',
  `label_values(${withVirtualServer(catalogue.realServerUp)}, real_server)`,
);
export const vrrpInstances = several(
  'vrrp_instance',
  'VRRP instance',
  `label_values(${ofAll(catalogue.vrrpState)}, vrrp_instance)`,
);

function several(name: string, label: string, query: string): VariableModel {
  return ask(name, label, query)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: ['All'], value: ['$__all'] })
    .build();
}

function one(name: string, label: string, query: string): VariableModel {
  return ask(name, label, query).multi(false).includeAll(false).build();
}

function ask(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(prometheus)
    .query({ query, refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc);
}
