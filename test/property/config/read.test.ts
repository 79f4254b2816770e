import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { lintRules } from '../../../src/config/lint/rules.ts';
import { suite } from '../../support/suite.ts';
import { readText } from '../../unit/config/read-text.ts';
import { hostile } from './hostile.ts';

const test = suite('config (properties)', 60_000);

test('no text makes the reader throw or loop, and every fault has its place', () => {
  fc.assert(
    fc.property(hostile, pieces => {
      const text = pieces.join('');
      const { diagnostics } = readText(text, { files: { 'main.conf': text, other: '}\n{' } });
      for (const { line, column, length, message, hint } of diagnostics) {
        if (line < 1 || column < 1 || length < 1 || message === '' || hint === '') return false;
      }
      return true;
    }),
    { numRuns: 600 },
  );
});
test('the same text always gives the same configuration', () => {
  fc.assert(
    fc.property(hostile, pieces => {
      const text = pieces.join('');
      assert.is(JSON.stringify(readText(text).config), JSON.stringify(readText(text).config));
    }),
    { numRuns: 100 },
  );
});

const address = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `10.${a}.${b}.7`);
const port = fc.integer({ min: 1, max: 65_535 });
const realServers = fc.uniqueArray(
  fc.record({
    address,
    port,
    weight: fc.nat(65_535),
    retry: fc.nat(1000),
    timeout: fc.integer({ min: 1, max: 4_000_000 }),
  }),
  { selector: real => `${real.address}:${real.port}`, minLength: 1, maxLength: 5 },
);
const virtualServers = fc.uniqueArray(
  fc.record({
    address,
    port,
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
    algorithm: fc.constantFrom('rr', 'wlc', 'sh', 'twos'),
    delay: fc.integer({ min: 1, max: 3600 }),
    realServers,
  }),
  { selector: server => `${server.protocol}${server.address}:${server.port}`, maxLength: 4 },
);
/** Ways to write the same: blanks, a comment, where the brace stands. */
const opening = fc.constantFrom(' {', '{', '\n{', ' # c\n\n\t{ ! d');

test('what is written into a configuration is what comes out of it', () => {
  fc.assert(
    fc.property(virtualServers, opening, (servers, open) => {
      const text = servers
        .map(server => {
          const reals = server.realServers.map(
            real =>
              `real_server ${real.address} ${real.port}${open}\n weight ${real.weight}\n TCP_CHECK${open}\n retry ${real.retry}\n connect_timeout ${real.timeout / 1000} } }`,
          );
          return `virtual_server ${server.address} ${server.port}${open}\nprotocol ${server.protocol}\nlb_kind NAT\nlvs_sched ${server.algorithm}\ndelay_loop ${server.delay}\n${reals.join('\n')}\n}`;
        })
        .join('\n');
      const { config, diagnostics } = readText(text);
      assert.equal(
        diagnostics.filter(each => !lintRules.some(rule => rule.code === each.code)),
        [],
      );
      assert.equal(
        config.virtualServers.map(({ target, protocol, scheduler, realServers: reals }) => ({
          target,
          protocol,
          scheduler,
          reals: reals.map(real => [
            real.address,
            real.port,
            real.weight,
            real.checks[0]?.retry,
            real.checks[0]?.schedule,
          ]),
          timeouts: reals.map(real => JSON.stringify(real.checks[0]?.spec).includes('"timeout":')),
        })),
        servers.map(server => ({
          target: { kind: 'address', address: server.address, port: server.port },
          protocol: server.protocol,
          scheduler: server.algorithm,
          reals: server.realServers.map(real => [
            real.address,
            real.port,
            real.weight,
            real.retry,
            { kind: 'interval', every: server.delay * 1000 },
          ]),
          timeouts: server.realServers.map(() => true),
        })),
      );
    }),
    { numRuns: 150 },
  );
});

/** Unknown blocks of any depth, with balanced braces. */
const { block } = fc.letrec<{ block: string; line: string }>(tie => ({
  line: fc.constantFrom('foo 1', 'weight 3', '# }', '"}" x', 'real_server 10.0.0.9 80', 'path /'),
  block: fc
    .array(fc.oneof({ maxDepth: 4 }, tie('line'), tie('block')), { maxLength: 4 })
    .map(lines => `unknown_${lines.length} x {\n${lines.join('\n')}\n}`),
}));

test('an unknown block changes nothing around it, wherever it stands', () => {
  const lines = [
    'virtual_server 10.0.0.1 80 {',
    'protocol TCP',
    'lb_algo rr',
    'lb_kind NAT',
    'real_server 10.0.0.2 80 {',
    'weight 3',
    '}',
    '}',
  ];
  const plain = JSON.stringify(readText(lines.join('\n')).config.virtualServers.map(each => ({ ...each, span: 0 })));
  fc.assert(
    fc.property(block, fc.constantFrom(0, 1, 3, 4, 7, 8), (unknown, at) => {
      const text = [...lines.slice(0, at), unknown, ...lines.slice(at)].join('\n');
      const { config, diagnostics } = readText(text);
      const withoutSpans = (value: string) => value.replace(/"span":\{[^}]*\}/g, '');
      const found = JSON.stringify(config.virtualServers.map(each => ({ ...each, span: 0 })));
      assert.is(withoutSpans(found), withoutSpans(plain));
      assert.is(diagnostics.filter(each => each.code === 'unknown-block').length, 1);
    }),
    { numRuns: 150 },
  );
});

test.run();
