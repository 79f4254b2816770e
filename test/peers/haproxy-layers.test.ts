// HAProxy's reg-tests/checks, what they ask of the layers below the protocol, in our words.
import * as assert from 'uvu/assert';
import { block, configFor, httpGet, runCheck, sslGet } from '../support/black-box.ts';
import { describeVerdict, tellCases } from '../support/peer-cases.ts';
import { withServer } from '../support/scripted-server.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: haproxy layers');

tellCases(test, [
  {
    title: 'H05 silence behind the request is a timeout of the answer',
    server: {},
    checker: httpGet('path /'),
    hangs: ({ opened }) => opened === 1,
    verdict: 'down timeout_read',
    detail: /^no complete answer within 5 s$/,
  },
  {
    title: 'H06 an address that no route leads to is unreachable at once',
    server: {},
    checker: block('TCP_CHECK', 'connect_ip 255.255.255.255', 'connect_port 11111'),
    verdict: 'down unreachable',
    detail: /unreachable/,
  },
  {
    title: 'H07 a closed port is refused at once, not at the deadline',
    server: 'nobody listens',
    checker: httpGet('path /'),
    verdict: 'down refused',
    detail: /refused/,
  },
]);

test('H05 a server that answers once and then falls silent is up, then down', () =>
  withServer({ replies: ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'] }, async ({ port }) => {
    const config = configFor(httpGet('path /'), port);
    const first = await runCheck(config);
    const second = await runCheck(config, async ({ until, clock }) => {
      await until(({ opened }) => opened === 1);
      await clock.advance(5000);
    });
    assert.equal([...first.findings, ...second.findings].map(describeVerdict), ['up', 'down timeout_read']);
  }));

test('H33 the check may go to another port, over TLS, than the traffic', () =>
  withServer({}, traffic =>
    withServer({ tls: true, urls: { '/': 'fine' } }, async health => {
      const checker = block('SSL_GET', `connect_port ${health.port}`, block('url', 'path /'));
      const { findings } = await runCheck(configFor(checker, traffic.port));
      assert.equal(findings.map(describeVerdict), ['up']);
      assert.is(traffic.connections(), 0);
    }),
  ));

tellCases(test, [
  {
    title: 'H33 a page over TLS passes by its status',
    server: { tls: true, urls: { '/': 'fine' } },
    checker: sslGet('path /'),
    verdict: 'up',
    detail: /^status 200, 4 bytes$/,
  },
  {
    title: 'H33 the TLS handshake alone passes, whatever the server would say',
    server: { tls: true },
    checker: block('TCP_CHECK', 'tls on'),
    verdict: 'up',
  },
  {
    title: 'H34 what is asked for is told by the virtualhost',
    server: { urls: { '/': 'fine' } },
    checker: block('HTTP_GET', 'virtualhost be.example.com', block('url', 'path /')),
    verdict: 'up',
    heard: /^GET \/ HTTP\/1\.0\r\n.*Host: be\.example\.com\r\n/s,
  },
  {
    title: 'H34 a request has the header that its url says',
    server: { urls: { '/': 'fine' } },
    checker: httpGet('path /', 'header request-id TEST-be=up'),
    verdict: 'up',
    heard: /^request-id: TEST-be=up\r$/m,
  },
]);

test.run();
