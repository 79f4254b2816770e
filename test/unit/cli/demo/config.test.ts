import * as assert from 'uvu/assert';
import { checkers } from '../../../../checks/index.ts';
import { writeDemoConfig } from '../../../../src/cli/demo/config.ts';
import { diskFiles } from '../../../../src/config/load.ts';
import { readConfig } from '../../../../src/config/read.ts';
import { patterns } from '../../../../src/sys/patterns.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('cli/demo/config');

test('the configuration of the demo is an example to follow, but for checks so frequent that one can watch them', () => {
  const text = writeDemoConfig({ http: [8001, 8002, 8003], tcp: [9001, 9002, 9003], sorry: 7001 });
  const { config, diagnostics } = readConfig('demo.conf', text, {
    configId: 'checkalived',
    checkers,
    hostName: 'test',
    patterns,
    files: diskFiles,
    environment: {},
  });
  assert.equal(
    diagnostics.filter(({ code }) => code !== 'check-longer-than-delay-loop'),
    [],
  );
  assert.equal(
    config.virtualServers.map(vs => vs.realServers.map(rs => `${rs.port} ${rs.checks.map(check => check.type)}`)),
    [
      ['8001 HTTP_GET', '8002 HTTP_GET', '8003 HTTP_GET'],
      ['9001 TCP_CHECK', '9002 TCP_CHECK', '9003 TCP_CHECK'],
    ],
  );
  assert.is(config.virtualServers[0]?.sorryServer?.port, 7001);
});

test.run();
