import type { Params } from '../../model/params.ts';
import { fileRows } from './global-files.ts';
import { lvsRows } from './global-lvs.ts';
import { mailRows } from './global-mail.ts';
import { processRows } from './global-process.ts';
import { scriptRows } from './global-scripts.ts';
import { snmpRows } from './global-snmp.ts';
import { vrrpRows } from './global-vrrp.ts';
import { vrrpGarpRows } from './global-vrrp-garp.ts';

/** The block global_defs, by subject. */
export const globalRows: Params = [
  ...mailRows,
  ...scriptRows,
  ...lvsRows,
  ...processRows,
  ...fileRows,
  ...snmpRows,
  ...vrrpRows,
  ...vrrpGarpRows,
];
