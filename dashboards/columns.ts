import { toRealServer, toVirtualServer } from './frame.ts';
import type { Column } from './table.ts';

/** The columns that say whose row it is. */
export const whoseVirtualServer: Column = {
  name: 'Virtual server',
  from: { label: 'virtual_server' },
  link: toVirtualServer,
  width: 200,
};
export const whoseRealServer: Column = {
  name: 'Real server',
  from: { label: 'real_server' },
  link: toRealServer,
  width: 180,
};
export const whoseDirector: Column = { name: 'Director', from: { label: 'instance' } };
export const whose: readonly Column[] = [whoseVirtualServer, whoseRealServer, whoseDirector];

export const day = 86_400;
