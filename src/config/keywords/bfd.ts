import type { Params, ParamType } from '../../model/params.ts';
import { readAddressOf, readTrackerWeight } from '../values/read-vrrp-values.ts';
import { bool, flag, int, keepalivedRow as row } from './rows.ts';

const longest = 4_294_967;
const address = (keyword: string): ParamType => ({ kind: 'custom', syntax: 'IP', read: readAddressOf(keyword) });
const milliseconds = (min: number): ParamType => ({ kind: 'timer', min, max: longest, decimals: 3, unit: 'ms' });

/** The block bfd_instance. */
export const bfdRows: Params = [
  row('neighbor_ip', address('neighbor_ip'), 'The other end of the session.', { required: true }),
  row('neighbour_ip', address('neighbour_ip'), 'Another spelling of neighbor_ip.'),
  row('source_ip', address('source_ip'), 'Our end of the session.'),
  row('min_rx', milliseconds(1), 'Milliseconds that packets may come in at.', { default: '10' }),
  row('min_tx', milliseconds(1), 'Milliseconds between packets that go out.', { default: '10' }),
  row('idle_tx', milliseconds(1000), 'Milliseconds between packets while the session is down.', { default: '1000' }),
  row('multiplier', int(1, 255), 'Packets to miss until the session is down.', { default: '5' }),
  row('passive', flag, 'Wait for the other end to begin.'),
  row('ttl', int(1, 255), 'TTL of packets.', { default: '255; 64 for IPv6' }),
  row('hoplimit', int(1, 255), 'Another name of ttl.'),
  row('max_hops', int(-1, 255), 'Hops that packets may have taken; -1 = any number.', { default: '0' }),
  row('multihop', bool, 'The session goes over routers (RFC 5883).', { since: '2.2.8' }),
  row(
    'weight',
    { kind: 'custom', syntax: 'N [reverse]', read: readTrackerWeight(253) },
    'What the session adds to the priority, -253 to 253; 0 = without it there is a fault.',
    { default: '0' },
  ),
  row('vrrp', flag, 'Tell vrrp_instances alone, unless checker stands too.', { default: 'both are told' }),
  row('checker', flag, 'Tell BFD_CHECK alone, unless vrrp stands too.', { default: 'both are told' }),
];
