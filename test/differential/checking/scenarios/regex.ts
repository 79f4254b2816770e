// What a regex of HTTP_GET matches, and what it does with bodies that come in pieces.
import { always, outage, web } from '../behaviours.ts';
import { http, rs, tcp, url, vs } from '../blocks.ts';
import { cameUp, wentDown } from '../expect.ts';
import type { Behaviour, Expected, Scenario, Theme } from '../scenario.ts';

const text: Expected = { id: 'http-mail-text' };
const recovery: Expected = { id: 'http-recovery', later: cameUp('rs1') };
const seeking = (lines: string, more = '') =>
  vs('', rs('rs1', http('retry 0', url(`${lines}\n${more}`))), rs('rs2', tcp()));
const pieces = (body: string, behind: readonly string[]) =>
  web(body, 'HTTP/1.0 200 OK', { drip: 30, behind: ['\r\n\r\n', ...behind] });
/** Header and body apart, for keepalived searches both if they come together. */
const apart = (body: string) => pieces(body, []);
/** The body is another for a while, which both see. */
const ill = (name: string, config: string, well: Behaviour, sick: Behaviour): Scenario => ({
  name,
  config,
  servers: { rs1: outage<Behaviour>(well, sick, 3.5, 6.5), rs2: always(web()) },
  differs: [text, recovery],
});
/** From some time on the body is another. */
const odd = (
  name: string,
  config: string,
  body: Behaviour,
  differs: readonly Expected[] = [],
  first: Behaviour = apart('a match, well'),
): Scenario => ({
  name,
  config,
  servers: { rs1: outage<Behaviour>(first, body, 3.5, 99), rs2: always(web()) },
  differs,
});

/** keepalived waits for more, and there is none. */
const atTheEnd: readonly Expected[] = [{ id: 'regex-end', keepalived: wentDown('rs1') }];
const match = seeking('regex "m.tch"');
const noMatch = seeking('regex "m.tch"\nregex_no_match');

const scenarios: readonly Scenario[] = [
  ill('no match any more', match, apart('a match, well'), apart('nothing, well')),
  ill('regex_no_match', noMatch, apart('nothing, well'), apart('a match, well')),
  odd('another match', match, apart('a mitch, well')),
  ill('a match in another case', match, apart('a match, well'), apart('a MATCH, well')),
  odd('caseless', seeking('regex "m.tch"\nregex_options caseless'), apart('a MATCH, well')),
  ill(
    'dotall: a point is a line end too',
    seeking('regex "m.tch"\nregex_options dotall'),
    apart('a m\ntch, well'),
    apart('a m\n\ntch, well'),
  ),
  odd(
    'two options',
    seeking('regex "^m.tch"\nregex_options caseless multiline'),
    apart('a\nMATCH, well'),
    [],
    apart('match'),
  ),
  ill(
    'extended: blanks do not count',
    seeking('regex "m a t c h"\nregex_options extended'),
    apart('a match, well'),
    apart('m a t c h'),
  ),
  odd(
    'a class, an alternative and a count',
    seeking('regex "(fo{2}|ba[rz]+) "'),
    apart('barz well'),
    [],
    apart('foo well'),
  ),
  ill('look-behind', seeking('regex "(?<=not )well,"'), apart('not well, really'), apart('all well, really')),
  ill(
    'regex_min_offset',
    seeking('regex "m.tch"', 'regex_min_offset 2'),
    apart('a match, well'),
    apart(' match, well'),
  ),
  ill(
    'regex_max_offset',
    seeking('regex "m.tch"', 'regex_max_offset 2'),
    apart('a match, well'),
    apart('no match, well'),
  ),
  ill(
    'both offsets',
    seeking('regex "m.tch"', 'regex_min_offset 2\nregex_max_offset 4'),
    apart('and match, well'.slice(1)),
    apart('and a match, well'),
  ),
  ill(
    'regex_max_offset and regex_no_match',
    seeking('regex "m.tch"', 'regex_max_offset 2\nregex_no_match'),
    apart('no match, well'),
    apart('a match, well'),
  ),
  odd('a match in two pieces', match, pieces('a match, well', ['a ma'])),
  odd('a match in three pieces', match, pieces('a match, well', ['a ma', 't'])),
  ill(
    'regex_no_match, a match in two pieces',
    noMatch,
    pieces('nothing, well', ['not']),
    pieces('a match, well', ['a ma']),
  ),
  odd('a match in the second piece', match, pieces('nothing and a match, well', ['nothing'])),
  odd(
    'a match in two pieces, with regex_max_offset',
    seeking('regex "m.tch"', 'regex_max_offset 20'),
    pieces('nothing and a match, well', ['nothing', ' a ma']),
  ),
  ill('no match in pieces', match, pieces('a match, well', ['a ma']), pieces('a m tc mat', ['a m', ' tc'])),
  odd(
    'the end of the body, $',
    seeking('regex "well$"\nregex_options multiline'),
    apart('all is well'),
    atTheEnd,
    apart('all is well\nand more'),
  ),
  odd('the end of the body, +', seeking('regex "wel+"'), apart('all is well'), atTheEnd, apart('well and more')),
  odd('the end of the body, a whole word', seeking('regex "well"'), apart('all is well'), [], apart('well and more')),
  odd(
    'text of the header in one packet',
    seeking('regex "200 OK"'),
    web('well'),
    [text, { id: 'regex-header', checkalived: wentDown('rs1') }],
    apart('200 OK, well'),
  ),
  odd(
    'an offset counts from the header in one packet',
    seeking('regex "m.tch"', 'regex_max_offset 5'),
    web('a match, well'),
    [{ id: 'regex-header', keepalived: wentDown('rs1') }],
  ),
  ill(
    'a digest and a regex',
    seeking('regex "w.ll"', 'digest f9323f5b51fc23e30c10623bd38de6ff'),
    apart('well'),
    apart('wall'),
  ),
  odd('a body of 20 000 bytes', match, apart(`${'x'.repeat(20_000)} a match, well`)),
  ill('the status counts first', match, apart('a match, well'), web('a match, well', 'HTTP/1.0 500 Broken')),
  odd('utf', seeking('regex "m.tch"\nregex_options utf'), apart('a m\u00c3\u00a4tch, well')),
];

export const regexThemes: readonly Theme[] = [{ name: 'regex of HTTP_GET', scenarios }];
