import { always, gone, mute, outage, overTls, refused, reset, sick, web } from '../behaviours.ts';
import { rs, ssl, tcp, url, vs } from '../blocks.ts';
import type { Behaviour, Scenario, Theme } from '../scenario.ts';
import { ill } from './http.ts';

const well = overTls(web());
const one = (check: string) => vs('', rs('rs1', check), rs('rs2', tcp()));
const plain = one(ssl('retry 0'));
const illTls = (name: string, behaviour: Behaviour, config = plain): Scenario => ill(name, behaviour, config, well);

const scenarios: readonly Scenario[] = [
  { name: 'up all the time', config: plain, servers: { rs1: always(well), rs2: always(web()) } },
  illTls('refused', refused),
  illTls('packets vanish', gone),
  illTls('mute before the handshake', mute),
  illTls('mute after the handshake', overTls({ kind: 'mute' })),
  illTls('reset before the handshake', reset),
  illTls('reset after the handshake', overTls({ kind: 'reset', pause: 50 })),
  illTls('without TLS', web()),
  illTls('slower than connect_timeout', overTls(web('well', 'HTTP/1.0 200 OK', { pause: 900 }))),
  illTls('500', overTls(sick)),
  illTls('another digest', overTls(web('other')), one(ssl('retry 0', url('digest f9323f5b51fc23e30c10623bd38de6ff')))),
  {
    name: 'an outage shorter than the retries is none',
    config: one(ssl('retry 3')),
    servers: { rs1: outage<Behaviour>(well, overTls(sick), 3.5, 4.45), rs2: always(web()) },
  },
  illTls('enable_sni', overTls(sick), one(ssl('retry 0\nenable_sni\nvirtualhost www.example.net'))),
];

export const sslThemes: readonly Theme[] = [{ name: 'SSL_GET', scenarios }];
