import * as assert from 'uvu/assert';
import { writeHaproxyConfig } from '../../../../bench/configs/haproxy.ts';
import { writeKeepalivedConfig } from '../../../../bench/configs/keepalived.ts';
import { addressOf, type Places } from '../../../../bench/configs/places.ts';
import { checkerNames, type Work } from '../../../../bench/work.ts';
import { suite } from '../../../support/suite.ts';
import { readText } from '../../config/read-text.ts';

const test = suite('bench/configs');
const digest = '80c9e5d4f611c16e895e4fbb209723dc';
const places: Places = { digest, command: '/bin/true', special: null };
const keywords = { tcp: 'TCP_CHECK', http: 'HTTP_GET', digest: 'HTTP_GET', ssl: 'SSL_GET', misc: 'MISC_CHECK' };

for (const checker of checkerNames) {
  test(`${checker}: what keepalived gets is what we check, without a fault`, () => {
    const { config, diagnostics } = read({ checker, targets: 250, copies: 1, delayLoop: 1 });
    assert.equal(
      diagnostics.filter(({ severity }) => severity === 'error'),
      [],
    );
    const realServers = config.virtualServers.flatMap(server => server.realServers);
    assert.equal(
      config.virtualServers.map(server => server.realServers.length),
      [100, 100, 50],
    );
    assert.is(new Set(realServers.map(server => server.id)).size, 250);
    for (const { checks } of realServers) {
      assert.equal(
        checks.map(check => check.type),
        [keywords[checker]],
      );
      assert.equal(checks[0]?.schedule, { kind: 'interval', every: 1000 });
    }
  });
}

test('copies are virtual servers with the same real servers', () => {
  const { config } = read({ checker: 'tcp', targets: 120, copies: 3, delayLoop: 1 });
  assert.is(config.virtualServers.length, 3);
  assert.is(new Set(config.virtualServers.map(server => server.id)).size, 3);
  const [first, ...others] = config.virtualServers.map(server => server.realServers.map(real => real.id));
  assert.is(first?.length, 120);
  for (const other of others) assert.equal(other, first);
});

test('one in a hundred is on a port of its own where the work has special targets', () => {
  const work: Work = { checker: 'tcp', targets: 300, copies: 1, delayLoop: 1 };
  assert.is(writeKeepalivedConfig(work, { ...places, special: 'arrivals' }).match(/ 8081 \{/g)?.length, 3);
  assert.is(writeKeepalivedConfig(work, places).match(/ 8081 \{/g), null);
});

test('fifty thousand targets have addresses of their own, all of them local', () => {
  const addresses = Array.from({ length: 50_000 }, (_, n) => addressOf(n));
  assert.is(new Set(addresses).size, 50_000);
  assert.ok(addresses.every(address => /^127\.\d{1,3}\.\d{1,3}\.(?!0$)\d{1,3}$/.test(address)));
});

test('HAProxy checks the same targets, over TLS where the work is SSL_GET', () => {
  const work: Work = { checker: 'ssl', targets: 150, copies: 1, delayLoop: 1 };
  const lines = writeHaproxyConfig(work, '/tmp/socket').split('\n');
  const servers = lines.filter(line => line.startsWith('    server '));
  assert.is(servers.length, 150);
  assert.is(servers[0], `    server s0 ${addressOf(0)}:8443 check inter 1s check-ssl verify none`);
  assert.is(lines.filter(line => line.startsWith('backend ')).length, 2);
});

function read(work: Work) {
  return readText(writeKeepalivedConfig(work, places));
}

test.run();
