import { always, gone, mute, outage, refused, reset, sick, web, webWith } from '../behaviours.ts';
import { http, rs, tcp, url, vs } from '../blocks.ts';
import { cameUp, wentDown } from '../expect.ts';
import type { Behaviour, Expected, Scenario, Theme, Timeline } from '../scenario.ts';

const up = always(web());
const one = (check: string, lines = '') => vs(lines, rs('rs1', check), rs('rs2', tcp()));
const plain = one(http('retry 0'));
const text: Expected = { id: 'http-mail-text' };
const recovery: Expected = { id: 'http-recovery', later: cameUp('rs1') };
const flapping: Timeline<Behaviour> = [
  [0, web()],
  [1.5, sick],
  [3.5, web()],
  [6.5, sick],
  [8.5, web()],
];

/** An outage that both see; keepalived needs one more pass to believe that it is over. */
export const ill = (name: string, behaviour: Behaviour, config = plain, well: Behaviour = web()): Scenario => ({
  name,
  config,
  servers: { rs1: outage<Behaviour>(well, behaviour, 3.5, 6.5), rs2: up },
  differs: [text, recovery],
});
/** From some time on it is otherwise. */
const odd = (name: string, behaviour: Behaviour, differs: readonly Expected[] = [], config = plain): Scenario => ({
  name,
  config,
  servers: { rs1: outage<Behaviour>(web(), behaviour, 3.5, 99), rs2: up },
  differs,
});
const only = (who: 'keepalived' | 'checkalived', id: string): readonly Expected[] => [
  text,
  { id, [who]: wentDown('rs1') },
];
const oddHeader: readonly Expected[] = [{ id: 'http-header', keepalived: wentDown('rs1') }];

const faults: readonly Scenario[] = [
  { name: 'up all the time', config: plain, servers: { rs1: up, rs2: up } },
  ill('refused', refused),
  ill('packets vanish', gone),
  ill('mute', mute),
  ill('reset', reset),
  ill('slower than connect_timeout', web('well', 'HTTP/1.0 200 OK', { pause: 900 })),
  odd('slow, but not too slow', web('well', 'HTTP/1.0 200 OK', { pause: 300 })),
  ill('500', sick),
  ill('404', web('no', 'HTTP/1.1 404 Not Found')),
  ill('302', web('', 'HTTP/1.1 302 Found\r\nLocation: /')),
  odd('204 is well', web('', 'HTTP/1.1 204 No Content')),
  ill('500 with one retry', sick, one(http('retry 1'))),
  {
    name: 'an outage shorter than the retries is none',
    config: one(http('retry 3')),
    servers: { rs1: outage<Behaviour>(web(), sick, 3.5, 4.45), rs2: up },
  },
  odd('status_code has it', sick, [], one(http('retry 0', url('status_code 200 500-503')))),
  ill('status_code has it not', web('x', 'HTTP/1.0 201 Created'), one(http('retry 0', url('status_code 200')))),
  ill('another digest', web('other'), one(http('retry 0', url('digest f9323f5b51fc23e30c10623bd38de6ff')))),
  odd('an empty answer', { kind: 'answer', until: '\r\n\r\n', replies: [''] }, [text]),
  odd('no status line', { kind: 'answer', until: '\r\n\r\n', replies: ['hello'] }, [text]),
  {
    name: 'flaps',
    config: plain,
    servers: { rs1: flapping, rs2: up },
    differs: [text, { id: 'http-recovery', later: [...cameUp('rs1'), ...cameUp('rs1')] }],
  },
  { name: 'refused from the start', config: plain, servers: { rs2: up }, differs: [text] },
  {
    name: '500 from the start, then up',
    config: plain,
    servers: { rs1: outage<Behaviour>(sick, web(), 2.5, 99), rs2: up },
    differs: [text, recovery],
  },
  {
    name: 'the url that is asked for is well, another is not',
    config: one(http('retry 0', url('', '/well'))),
    servers: { rs1: always(webWith({ '/sick': 'HTTP/1.0 500 Broken' })), rs2: up },
  },
  ill('connect_port and virtualhost', sick, one(http('retry 0\nconnect_port 80\nvirtualhost www.example.net'))),
  ill('HTTP/1.1', sick, one(http('retry 0\nhttp_protocol 1.1'))),
];

const odds: readonly Scenario[] = [
  {
    name: 'the second of two urls breaks',
    config: one(http('retry 0', `${url('', '/one')}\n${url('', '/two')}`)),
    servers: { rs1: outage<Behaviour>(web(), webWith({ '/two': 'HTTP/1.0 500 Broken' }), 3.5, 99), rs2: up },
    differs: [text, { id: 'several-urls', later: wentDown('rs1') }],
  },
  odd('an open connection behind a length', web('well', 'HTTP/1.0 200 OK\r\nContent-Length: 4', { end: 'open' }), [
    { id: 'http-end', keepalived: wentDown('rs1') },
  ]),
  odd('an open connection without a length', web('well', 'HTTP/1.0 200 OK', { end: 'open' }), [text]),
  odd('a body that is cut', web('we', 'HTTP/1.0 200 OK\r\nContent-Length: 4'), only('checkalived', 'http-cut')),
  odd('an answer that drips', web('well', 'HTTP/1.0 200 OK', { drip: 300 }), only('checkalived', 'http-deadline')),
  odd('a header of LF only', { kind: 'answer', until: '\r\n\r\n', replies: ['HTTP/1.0 200 OK\n\nwell'] }, oddHeader),
  odd('no reason phrase', web('well', 'HTTP/1.0 200'), oddHeader),
  odd('100 first', web('well', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK'), oddHeader),
  odd('a header above 4095 bytes', web('well', `HTTP/1.0 200 OK\r\nX: ${'x'.repeat(5000)}`), oddHeader),
  odd('reset after the answer', web('well', 'HTTP/1.0 200 OK', { end: 'reset' }), [
    { id: 'http-reset', keepalived: wentDown('rs1') },
  ]),
];

export const httpThemes: readonly Theme[] = [
  { name: 'HTTP_GET', scenarios: faults },
  { name: 'HTTP_GET, odd answers', scenarios: odds },
];
