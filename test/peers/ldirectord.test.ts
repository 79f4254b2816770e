// What ldirectord's manual and code promise, in our words: an operator who comes from there writes these files.
import * as assert from 'uvu/assert';
import { modules } from '../../src/cli/main.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import { createMemoryTable } from '../../src/ipvs/memory.ts';
import { findClosedPort } from '../../testing/fault-server.ts';
import { block, configFor, httpGet, runCheck, withFile } from '../support/black-box.ts';
import { runAgentOn } from '../support/black-box-agent.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { describeVerdict, tellCases } from '../support/peer-cases.ts';
import { withServer } from '../support/scripted-server.ts';
import { suite } from '../support/suite.ts';
import { createFakeIo } from '../unit/cli/fake-io.ts';

const test = suite('peers: ldirectord');
const managed = 'checkalived {\nipvs manage\n}\n';
const often = 'delay_loop 1';

/** A server that is well or fails as told, and then stays as at last. */
const sequence = (rounds: string) => ({
  urls: { '/': [...rounds].map(round => ({ status: round === 'S' ? 200 : 500 })) },
});

test('L01 failurecount 3 is retry 2: down comes with the third failure in a row, and a success starts anew', () =>
  withServer(sequence('SFFSFFF'), async ({ port }) => {
    const config = configFor(
      block('HTTP_GET', often, 'retry 2', 'delay_before_retry 1', block('url', 'path /')),
      port,
      'delay_loop 1',
    );
    await runAgentOn(managed + config, async ({ results, weights }) => {
      await results(6);
      assert.equal(await weights(), { [`127.0.0.1:${port}`]: 1 });
      await results(7);
      assert.equal(await weights(), {});
    });
  }));

test('L02 checkinterval of one service is delay_loop, of one check too', () =>
  withServer({ urls: { '/': '' } }, async ({ port }) => {
    const config = `${configFor('TCP_CHECK { }', port, 'delay_loop 1')}
${configFor(`${block('TCP_CHECK', 'delay_loop 2')}\n${httpGet('path /')}`, port).replace('192.0.2.1', '192.0.2.2')}`;
    await runAgentOn(config, async ({ pass, store }) => {
      await pass(9.9);
      const count = (virtualServer: string, checkType: string) =>
        store.results.filter(row => row.virtualServer === virtualServer && row.checkType === checkType).length;
      assert.equal(
        [
          count('tcp/192.0.2.1:80', 'TCP_CHECK'),
          count('tcp/192.0.2.2:80', 'TCP_CHECK'),
          count('tcp/192.0.2.2:80', 'HTTP_GET'),
        ],
        [10, 5, 2],
      );
    });
  }));

test('L03 checktype N is two checkers, of which one that fails is enough', () =>
  withServer(sequence('SF'), async ({ port }) => {
    const checkers = `TCP_CHECK {\n${often}\n}\n${block('HTTP_GET', 'delay_loop 4', 'retry 0', block('url', 'path /'))}`;
    await runAgentOn(managed + configFor(checkers, port), async ({ pass, weights, store }) => {
      await pass(3.9);
      assert.equal(await weights(), { [`127.0.0.1:${port}`]: 1 });
      await pass(1);
      assert.equal(await weights(), {});
      assert.ok(store.results.filter(({ checkType }) => checkType === 'TCP_CHECK').every(({ ok }) => ok));
    });
  }));

tellCases(test, [
  {
    title: 'L05 a page that was found passes, whatever is in it',
    server: { urls: { '/ok': 'anything' } },
    checker: httpGet('path /ok'),
    verdict: 'up',
  },
  {
    title: 'L05 a page that is not there fails',
    server: { urls: { '/ok': '' } },
    checker: httpGet('path /'),
    verdict: 'down status',
    detail: /404/,
  },
  {
    title: 'L10 external-perl is MISC_CHECK with what is told by its name: exit code 0 passes',
    server: {},
    checker: block('MISC_CHECK', 'misc_path "/bin/test 192.0.2.1:80 != 127.0.0.1:8080"'),
    verdict: 'up',
  },
  {
    title: 'L10 another exit code fails',
    server: {},
    checker: block('MISC_CHECK', 'misc_path "/bin/test 192.0.2.1:80 = 127.0.0.1:8080"'),
    verdict: 'down script',
    detail: /^exit code 1/,
  },
]);

test('L05 virtualhost is sent, and a url with a host of its own goes there', () =>
  withServer({}, traffic =>
    withServer({ urls: { '/ok': '' } }, async health => {
      const target = ['connect_ip 127.0.0.1', `connect_port ${health.port}`, 'virtualhost www.example.com'];
      const checker = block('HTTP_GET', ...target, block('url', 'path /ok'));
      const { findings } = await runCheck(configFor(checker, traffic.port));
      assert.equal(findings.map(describeVerdict), ['up']);
      assert.match(health.received(), /Host: www\.example\.com/);
    }),
  ));

const failing = block('HTTP_GET', often, 'retry 0', block('url', 'path /'));

test('L06 quiescent=yes is inhibit_on_failure: weight 0, and the entry stays', () =>
  withServer(sequence('SF'), async ({ port }) => {
    const config = managed + configFor(`inhibit_on_failure\n${failing}`, port);
    await runAgentOn(config, async ({ pass, weights }) => {
      await pass(0.5);
      assert.equal(await weights(), { [`127.0.0.1:${port}`]: 1 });
      await pass(1);
      assert.equal(await weights(), { [`127.0.0.1:${port}`]: 0 });
    });
  }));

test('L06 quiescent=no is the default: the entry goes, and comes back', () =>
  withServer(sequence('SFS'), async ({ port }) => {
    await runAgentOn(managed + configFor(failing, port), async ({ pass, weights }) => {
      await pass(1.5);
      assert.equal(await weights(), {});
      await pass(1);
      assert.equal(await weights(), { [`127.0.0.1:${port}`]: 1 });
    });
  }));

test('L06 readdquiescent=no is mode weights: what was removed by hand is not added again', () =>
  withServer(sequence('S'), async ({ port }) => {
    const table = createMemoryTable();
    const config = configFor(failing, port);
    await runAgentOn(managed + config, async ({ weights }) => void (await weights()), {
      ...table,
      write: commands => table.write(commands.filter(({ type }) => !type.startsWith('delete'))),
    });
    await runAgentOn(
      config,
      async ({ pass, weights, tamper }) => {
        await pass(2);
        assert.equal(await weights(), { [`127.0.0.1:${port}`]: 1 });
        await tamper('delete-destination');
        await pass(12);
        assert.equal(await weights(), {});
      },
      table,
    );
  }));

test('L07 maintenancedir is a MISC_CHECK that fails while a file is there', () =>
  withFile('', async flag => {
    const checker = (file: string) => block('MISC_CHECK', `misc_path "/bin/test ! -e ${file}"`);
    const during = await runCheck(configFor(checker(flag), 80));
    const after = await runCheck(configFor(checker(`${flag}.gone`), 80));
    assert.equal([...during.findings, ...after.findings].map(describeVerdict), ['down script', 'up']);
  }));

test('L08 fallback is sorry_server: in when the last dies, out when the first is back, with its command', () =>
  withServer(sequence('SFSSSSS'), async ({ port }) => {
    const sorry = await findClosedPort();
    const commands = ['quorum_down "/bin/fallback start"', 'quorum_up "/bin/fallback stop"', 'omega'];
    const config = managed + configFor(failing, port, [`sorry_server 127.0.0.1 ${sorry}`, ...commands].join('\n'));
    const told = await runAgentOn(config, async ({ pass, weights }) => {
      await pass(1.5);
      assert.equal(await weights(), { [`127.0.0.1:${sorry}`]: 1 });
      await pass(1);
      assert.equal(await weights(), { [`127.0.0.1:${port}`]: 1 });
    });
    assert.equal(
      told.filter(line => line.includes('/bin/fallback')),
      [
        'quorum_up /bin/fallback stop',
        'quorum_down /bin/fallback start',
        'quorum_up /bin/fallback stop',
        'quorum_down /bin/fallback start',
      ],
      'the last one is told by omega when the agent stops',
    );
  }));

/** What `config convert` makes of a service of ldirectord with this one real server. */
function convert(port: number, ...lines: readonly string[]): Promise<string> {
  const service = ['virtual = 192.0.2.1:80', `real = 127.0.0.1:${port} masq`, ...lines].join('\n\t');
  return withFile(`${service}\n`, async file => {
    const io = createFakeIo();
    assert.is(await runCommandLine(['config', 'convert', '--from', 'ldirectord', file], io, modules), 0);
    return io.stdout.text;
  });
}

const simpleTcp = ['checktype = negotiate', 'service = simpletcp', 'request = "hello\\n"', 'receive = "welcome"'];
for (const [reply, verdict] of [
  ['one line\nwelcome to you\n', 'up'],
  ['one line\ngo away\n', 'down protocol'],
] as const) {
  test(`L04 simpletcp is converted to a dialogue, which is ${verdict} where it should`, () =>
    withServer({ commands: { hello: reply }, afterwards: 'close' }, async server => {
      const { findings } = await runCheck(await convert(server.port, ...simpleTcp));
      assert.equal(findings.map(describeVerdict), [verdict]);
      assert.is(server.received(), 'hello\n');
    }));
}

test('L04 simpletcp that gets no answer is a timeout', () =>
  withServer({}, async server => {
    const text = await convert(server.port, ...simpleTcp, 'negotiatetimeout = 7');
    const { findings } = await runCheck(text, async ({ clock }) => {
      await server.heard(said => said === 'hello\n');
      await clock.advance(7000);
    });
    assert.equal(findings.map(describeVerdict), ['down timeout_read']);
  }));

for (const [request, receive, answers, verdict] of [
  ['www.example.com', '192.0.2.5', ['192.0.2.4', '192.0.2.5'], 'up'],
  ['www.example.com', '192.0.2.5', ['192.0.2.6'], 'down body'],
  ['192.0.2.5', 'www.example.com', ['www.example.com'], 'up'],
  ['192.0.2.5', 'www.example.com', ['www.example.org'], 'down body'],
] as const) {
  test(`L11 ${request} must be ${receive}: ${answers.join(' and ')} is ${verdict}`, async () => {
    const server = await startDnsServer(({ questions = [] }) => {
      const [{ name, type } = { name: '', type: 'A' as const }] = questions;
      const record = { name, ttl: 60, type: type === 'PTR' ? type : ('A' as const) };
      return { answers: answers.map(data => ({ ...record, data })) };
    });
    const lines = ['checktype = negotiate', 'service = dns', 'protocol = udp'];
    const text = await convert(server.port, ...lines, `request = "${request}"`, `receive = "${receive}"`);
    const { findings, complaints } = await runCheck(text);
    await server.close();
    assert.equal(findings.map(describeVerdict), [verdict], complaints);
  });
}

test('L10 a command of ldirectord is converted with its four arguments', async () => {
  const text = await convert(8080, 'checktype = external', 'checkcommand = /usr/local/bin/check');
  assert.match(text, 'misc_path "/usr/local/bin/check 192.0.2.1 80 127.0.0.1 8080"');
});

test.run();
