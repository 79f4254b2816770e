import type { Params } from '../../model/params.ts';
import { custom, tellSurplus } from './read-words.ts';
import { flag, int, keepalivedRow, maxUnsigned, word } from './rows.ts';

/** No name means the namespace that keepalived runs in (keepalived core/global_parser.c:net_namespace_ipvs_handler). */
const namespace = custom('[NAME]', ([name, surplus], tell) => {
  tellSurplus(surplus, tell);
  return name?.text ?? '';
});

/** Keywords of the root that open no block; they say how keepalived runs and cannot change on a reload. */
export const rootLineRows: Params = [
  keepalivedRow('net_namespace', word, 'Network namespace of keepalived.', { repeat: 'first', since: '1.2.24' }),
  keepalivedRow('net_namespace_ipvs', namespace, 'Network namespace of the IPVS table.', {
    repeat: 'first',
    default: 'net_namespace',
    since: '2.1.0',
  }),
  keepalivedRow('instance', word, 'Name of this keepalived among several on a host.', {
    repeat: 'first',
    since: '1.2.24',
  }),
  keepalivedRow('use_pid_dir', flag, 'Keep process ids in /run/keepalived.', { since: '1.2.24' }),
  keepalivedRow('namespace_with_ipsets', flag, 'Use ipsets though there is a namespace.', { since: '1.3.0' }),
  keepalivedRow('linkbeat_use_polling', flag, 'Ask interfaces for their link in place of listening.'),
  keepalivedRow('child_wait_time', int(0, maxUnsigned), 'Seconds that processes get to end.', {
    default: '5',
    since: '2.0.0',
  }),
];
