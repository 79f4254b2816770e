import { always, gone, mail, mute, outage, refused, reset, web } from '../behaviours.ts';
import { rs, smtp, tcp, vs } from '../blocks.ts';
import { cameUp, wentDown } from '../expect.ts';
import type { Behaviour, Expected, Scenario, Theme, Timeline } from '../scenario.ts';

const up = always(web());
const one = (check: string) => vs('', rs('rs1', check), rs('rs2', tcp()));
const plain = one(smtp('retry 0'));
const text: Expected = { id: 'smtp-mail-text' };
const failed = 'CHECK failed on service : REASON';
const ill = (name: string, behaviour: Behaviour, config = plain, differs: readonly Expected[] = []): Scenario => ({
  name,
  config,
  servers: { rs1: outage<Behaviour>(mail(), behaviour, 3.5, 6.5), rs2: up },
  differs: [text, ...differs],
});
const odd = (name: string, behaviour: Behaviour, differs: readonly Expected[] = []): Scenario => ({
  name,
  config: plain,
  servers: { rs1: outage<Behaviour>(mail(), behaviour, 3.5, 99), rs2: up },
  differs,
});
const flapping: Timeline<Behaviour> = [
  [0, mail()],
  [1.5, refused],
  [3.5, mail()],
  [5.5, mute],
  [7.5, mail()],
];
const severalLines: readonly Expected[] = [text, { id: 'smtp-replies', keepalived: wentDown('rs1', failed) }];

const scenarios: readonly Scenario[] = [
  { name: 'up all the time', config: plain, servers: { rs1: always(mail()), rs2: up } },
  ill('refused', refused),
  ill('packets vanish', gone),
  ill('mute', mute),
  ill('reset', reset),
  ill('slower than connect_timeout', mail(undefined, { pause: 900 })),
  odd('slow, but not too slow', mail(undefined, { pause: 100 })),
  odd('each reply in time, all of them not', mail(undefined, { pause: 300 }), [
    text,
    { id: 'http-deadline', checkalived: wentDown('rs1', failed) },
  ]),
  ill('a banner of 554', mail(['554 no'])),
  ill('HELO refused', mail(['220 hello', '550 no', '221 bye'])),
  ill('no mail server', web()),
  odd('QUIT answered with nonsense', mail(['220 hello', '250 well', '999 what'])),
  odd('closed after HELO', mail(['220 hello', '250 well']), [text]),
  odd('a banner of two lines', mail(['220-hello\r\n220 there', '250 well', '221 bye']), severalLines),
  odd('a reply of two lines', mail(['220 hello', '250-well\r\n250 SIZE', '221 bye']), severalLines),
  odd('bare codes', mail(['220', '250', '221']), severalLines),
  ill('helo_name', refused, one(smtp('retry 0\nhelo_name lb.example.net'))),
  ill('one retry, made while down too', mail(['554 no']), one(smtp('retry 1')), [
    { id: 'retries-while-down', sooner: cameUp('rs1') },
  ]),
  {
    name: 'an outage shorter than the retries is none',
    config: one(smtp('retry 3')),
    servers: { rs1: outage<Behaviour>(mail(), refused, 3.5, 4.45), rs2: up },
  },
  { name: 'flaps', config: plain, servers: { rs1: flapping, rs2: up }, differs: [text] },
  { name: 'refused from the start, without retries', config: plain, servers: { rs2: up }, differs: [text] },
  {
    name: 'refused from the start, with two retries',
    config: one(smtp('retry 2\ndelay_before_retry 2')),
    servers: { rs2: up },
    differs: [text, { id: 'first-verdict', later: wentDown('rs1', failed) }],
  },
];

export const smtpThemes: readonly Theme[] = [{ name: 'SMTP_CHECK', scenarios }];
