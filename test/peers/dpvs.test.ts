// What dpvs' health checker promises, in our words.
import * as assert from 'uvu/assert';
import { block, configFor } from '../support/black-box.ts';
import { runAgentOn } from '../support/black-box-agent.ts';
import { tellCases } from '../support/peer-cases.ts';
import { withServer } from '../support/scripted-server.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: dpvs');

test('D02 a weight that somebody else changed is put right within 15 s, and so is an entry that was deleted', () =>
  withServer({}, async ({ port }) => {
    const config = `${block('checkalived', 'ipvs manage')}\n${configFor('weight 7\nTCP_CHECK { }', port)}`;
    await runAgentOn(config, async ({ pass, weights, tamper, log }) => {
      const right = { [`127.0.0.1:${port}`]: 7 };
      await pass(1);
      for (const change of ['edit-destination', 'delete-destination'] as const) {
        await tamper(change);
        assert.not.equal(await weights(), right);
        await pass(15);
        assert.equal(await weights(), right);
      }
      assert.ok(log.lines.some(({ level }) => level === 'warn'));
    });
  }));

const pageCheck = (version: string) =>
  block('HTTP_GET', `@checkalived proxy_protocol ${version}`, block('url', 'path /'));
const answer = 'HTTP/1.0 204 so it is\r\n\r\n';
tellCases(test, [
  {
    title: 'D02 the header of the PROXY protocol v1 goes out before the request',
    server: { replies: [answer] },
    checker: pageCheck('v1'),
    verdict: 'up',
    heard: /^PROXY UNKNOWN\r\nGET \/ /,
  },
  {
    title: 'D02 the header of v2 does so too, in its form for health checks',
    server: { replies: [answer] },
    checker: pageCheck('v2'),
    verdict: 'up',
    heard: /^\r\n\r\n\0\r\nQUIT\n\x20\0\0\0GET \/ /,
  },
]);

test.run();
