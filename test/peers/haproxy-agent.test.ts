// HAProxy's reg-tests/checks for agent-check, in our words.
import * as assert from 'uvu/assert';
import { block, configFor } from '../support/black-box.ts';
import { runAgentOn } from '../support/black-box-agent.ts';
import { tellCases } from '../support/peer-cases.ts';
import { withServer } from '../support/scripted-server.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: haproxy agent-check');

test('H08 an agent lowers the weight and takes the server out, and the configured weight is what it comes back to', () => {
  const replies = ['75%\n', '75%,maxconn:30,maint,down\n', 'ready,up\n', 'drain\n'];
  return withServer({ replies, afterwards: 'close' }, async agent => {
    const checker = block('AGENT_CHECK', `connect_port ${agent.port}`, 'send "pouet\\n"');
    const config = configFor(`weight 100\n${checker}`, 8080, 'delay_loop 1');
    await runAgentOn(`${block('checkalived', 'ipvs manage')}\n${config}`, async ({ results, weights, store }) => {
      const seen: (number | undefined)[] = [];
      for (let count = 1; count <= replies.length; count++) {
        await results(count);
        seen.push((await weights())['127.0.0.1:8080']);
      }
      assert.equal(seen, [75, undefined, 100, 0]);
      assert.match(store.results[1]?.detail ?? '', 'maxconn:30');
    });
    assert.match(agent.received(), /^pouet\n/);
  });
});

tellCases(test, [
  {
    title: 'H08 an agent that is not there says nothing of its server',
    server: 'nobody listens',
    checker: 'AGENT_CHECK { }',
    verdict: 'unknown refused',
  },
]);

test.run();
