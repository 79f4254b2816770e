import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { convertLdirectord } from '../../../../src/config/ldirectord/convert.ts';
import { ldirectordKeywords } from '../../../../src/config/ldirectord/keywords.ts';
import { suite } from '../../../support/suite.ts';
import { readText } from '../../../unit/config/read-text.ts';

const test = suite('config/ldirectord (properties)', 60_000);

const value = fc.oneof(
  fc.constantFrom(
    'yes',
    'no',
    '0',
    '1',
    '3',
    '53',
    '600',
    '99999999',
    'wlc',
    'GET',
    'HEAD',
    'tcp',
    'udp',
    'fwm',
    'none',
  ),
  fc.constantFrom('http', 'https', 'http_proxy', 'dns', 'mysql', 'smtp', 'radius', 'sip', 'simpletcp'),
  fc.constantFrom('negotiate', 'connect', 'ping', 'off', 'on', 'external', 'external-perl', 'checktimeout4'),
  fc.constantFrom('192.0.2.1:80', '192.0.2.1:https', '7', '[2001:db8::1]:443', 'www:80', '192.0.2.1:0', '[fe80::1]:80'),
  fc.constantFrom(
    '10.0.0.1:80 gate',
    '10.0.0.1->10.0.0.4:81 masq 3',
    '[2001:db8::2]:80 ipip 70000',
    'web1 masq',
    '10.0.0.9 masq',
  ),
  fc.constantFrom('10.0.0.2:80 masq 1 "/a b?c={d}#$e", "x\\"y" l:1 u:2', '10.0.0.3 gate "http://10.0.0.5:81/x", "a"'),
  fc.constantFrom('10.0.0.2:80 gate "http://www.example.com/x", ""', '10.0.0.1->10.255.255.255 gate', '127.0.0.1'),
  fc.constantFrom(
    '"a@example.com, b@example.com"',
    '"Some Body" <a@example.com>',
    'all',
    'starting,running',
    'sh-port',
  ),
  fc.constantFrom(
    '"/usr/bin/check"',
    '"/usr/bin/check \'x\' | cat"',
    `/a/\${_ENV HOME}`,
    '"$HOME \\"',
    '"un',
    '255.255.0.0',
    '64',
  ),
  fc.string({ maxLength: 12 }).map(text => text.replaceAll('\n', ' ')),
  fc.string({ unit: 'binary', maxLength: 6 }).map(text => `"${text.replaceAll('\n', ' ')}"`),
);
const keyword = fc.constantFrom(
  ...ldirectordKeywords.map(({ name }) => name),
  'virtual',
  'real',
  'real',
  'service',
  'checktype',
);
const line = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(fc.constantFrom('', '\t', '    ', '\t'), keyword, value)
      .map(([indent, name, text]) => `${indent}${name} = ${text}`),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'virtual = 192.0.2.1:80',
      '\treal = 10.0.0.1:80 gate',
      '\treal = 10.0.0.2:81 masq',
      '\tservice = http',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '# comment', '   # comment', 'supervised', '  real', 'nonsense = 1', '}'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }).map(text => text.replaceAll('\n', ' ')) },
);
const lines = fc.array(line, { maxLength: 40 });

test('no text makes the conversion throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        lines.map(all => all.join('\n')),
      ),
      text => {
        const { notes } = convertLdirectord('ldirectord.cf', text);
        return notes.every(note => note.line >= 1 && note.message !== '' && note.hint !== '');
      },
    ),
    { numRuns: 500 },
  );
});
test('every line is in the new file by its number, or has a note', () => {
  fc.assert(
    fc.property(lines, all => {
      const { text, notes } = convertLdirectord('ldirectord.cf', all.join('\n'));
      const accounted = new Set(notes.map(note => note.line));
      for (const [, numbers = ''] of text.matchAll(/# line ([\d, ]+)$/gm)) {
        for (const number of numbers.split(', ')) accounted.add(Number(number));
      }
      const forgotten = all.filter((each, index) => !/^\s*(#|$)/.test(each) && !accounted.has(index + 1));
      assert.equal(forgotten, []);
    }),
    { numRuns: 500 },
  );
});
test('whatever is converted can be read without an error, but for patterns that are none', () => {
  fc.assert(
    fc.property(lines, all => {
      const { text } = convertLdirectord('ldirectord.cf', all.join('\n'));
      const errors = readText(text).diagnostics.filter(
        ({ severity, code }) => severity === 'error' && code !== 'bad-pattern',
      );
      assert.equal(errors, [], text);
    }),
    { numRuns: 500 },
  );
});
test('a real server without a check in the new file had none before, or a note says so', () => {
  fc.assert(
    fc.property(lines, all => {
      const { text, notes } = convertLdirectord('ldirectord.cf', all.join('\n'));
      const { config } = readText(text);
      const bare = config.virtualServers.some(server => server.realServers.some(real => real.checks.length === 0));
      if (bare)
        assert.ok(
          notes.some(({ message }) => /never checked|checktype off/.test(message)),
          text,
        );
    }),
    { numRuns: 300 },
  );
});
test('the result has four blanks for each brace that is open', () => {
  fc.assert(
    fc.property(lines, all => {
      let depth = 0;
      for (const row of convertLdirectord('ldirectord.cf', all.join('\n')).text.split('\n')) {
        const code = row.trimStart();
        if (code === '' || code.startsWith('#')) continue;
        if (code === '}') depth--;
        assert.is(row.length - code.length, depth * 4, row);
        if (/ \{( # line [\d, ]+)?$/.test(row)) depth++;
      }
      assert.is(depth, 0);
    }),
    { numRuns: 200 },
  );
});

test.run();
