import * as assert from 'uvu/assert';
import { readAgentLine } from '../../../checks/agent-words.ts';
import { applyResult, createChecker } from '../../../src/health/checker-state.ts';
import { judgeRealServer } from '../../../src/health/real-server.ts';
import { findClosedPort, startFaultServer } from '../../../testing/fault-server.ts';
import { planCheck, planRealServer } from '../../support/plans.ts';
import { suite } from '../../support/suite.ts';
import { faultsOf, readText, realServer } from '../config/read-text.ts';
import { meet } from './hello.ts';
import { runBlock, verdictOf } from './run-block.ts';

const test = suite('agent check');

/** The meaning of a line, without its detail. */
function meaning(line: string): string {
  const verdict = readAgentLine(line);
  if (verdict === null) return 'nothing';
  if (!verdict.ok) return verdict.reason;
  return verdict.weight === undefined ? 'up' : `up at ${JSON.stringify(verdict.weight)}`;
}

test('H08: of 75%, maxconn, maint and down the server is down, and what is ignored is told', async () => {
  const server = await startFaultServer(
    socket => void socket.once('data', () => socket.write('75%,maxconn:30,maint,down\n')),
  );
  const result = await runBlock('AGENT_CHECK', ['send "pouet"'], server.port);
  assert.is(verdictOf(result), 'status: the agent says "75%,maxconn:30,maint,down" (maxconn:30 ignored)');
  await server.released();
  assert.is(server.received(), 'pouet');
  await server.close();
});

test('H08: three quarters of a configured weight of 100 are 75', async () => {
  const plan = planRealServer(1, { weight: 100, checks: [planCheck('agent')] });
  const said = async (line: string) => {
    const server = await startFaultServer(socket => void socket.write(line));
    const result = await runBlock('AGENT_CHECK', [], server.port);
    await server.close();
    const step = applyResult(planCheck('agent'), createChecker('up'), result, 'retry');
    const { health, weight } = judgeRealServer(plan, { checkers: [step.state], assumed: 'up' });
    return `${health} ${weight}`;
  };
  assert.is(await said('75%\n'), 'up 75');
  assert.is(await said('drain\n'), 'up 0');
  assert.is(await said('ready\n'), 'up 100');
  assert.is(await said('75%,maint\n'), 'down 100');
  assert.is(await said('nonsense\n'), 'unknown 100');
});

test('a part of the weight, in percent of the configured one', () => {
  assert.is(meaning('75%'), 'up at {"percent":75}');
  assert.is(meaning('0%'), 'up at {"percent":0}');
  assert.is(meaning('up 120%'), 'up at {"percent":120}');
  assert.is(meaning('50%,60%'), 'up at {"percent":60}');
});

test('words of state, in any case, between commas, blanks and tabs', () => {
  for (const word of ['up', 'ready', 'READY,\tUp']) assert.is(meaning(word), 'up', word);
  for (const word of ['maint', 'down', 'fail', 'failed', 'Stopped', 'up,down', '100% drain stopped'])
    assert.is(meaning(word), 'status', word);
  assert.is(meaning('drain'), 'up at 0');
  assert.is(meaning('75% drain'), 'up at 0');
});

test('of words that exclude one another the last one counts, as in HAProxy', () => {
  assert.is(meaning('down,up'), 'up');
  assert.is(meaning('maint ready 50%'), 'up at {"percent":50}');
  assert.is(meaning('ready drain'), 'up at 0');
  assert.is(meaning('drain maint'), 'status');
  // Whether a server works and whether it is wanted are two things.
  assert.is(meaning('maint up'), 'status');
  assert.is(meaning('down ready'), 'status');
});

test('what stands behind # is for people', () => {
  const verdict = readAgentLine('down # the disk is full, all up in the air');
  assert.equal(verdict, {
    ok: false,
    reason: 'status',
    detail: 'the agent says "down # the disk is full, all up in the air"',
  });
  assert.is(meaning('up#down'), 'up');
});

test('a line without a word that we act on says nothing', () => {
  for (const line of ['', 'maxconn:30', '75', '%', 'upward', '#up', '-5%']) assert.is(meaning(line), 'nothing', line);
});

test('a line ends with LF, CR, or the connection', async () => {
  for (const ending of ['\n', '\r\n', '\r'])
    assert.is(
      await meet('AGENT_CHECK', [], socket => void socket.write(`up 10%${ending}down`)),
      'ok: the agent says "up 10%"',
    );
  assert.is(await meet('AGENT_CHECK', [], socket => void socket.end('drain')), 'ok: the agent says "drain"');
});

test('an agent that cannot be asked, or talks nonsense, gives no verdict', async () => {
  assert.is(
    verdictOf(await runBlock('AGENT_CHECK', [], await findClosedPort())),
    'no verdict, refused: connection refused',
  );
  assert.is(
    await meet('AGENT_CHECK', [], socket => void socket.end()),
    'no verdict, protocol: closed without an answer',
  );
  assert.is(
    await meet('AGENT_CHECK', [], socket => void socket.write('HTTP/1.0 200 OK\r\n')),
    'no verdict, protocol: "HTTP/1.0 200 OK" is not a word of an agent',
  );
  assert.is(
    await meet('AGENT_CHECK', [], socket => void socket.write('x'.repeat(5000))),
    'no verdict, protocol: an answer of more than 4096 bytes',
  );
});

test('what is sent to an agent has no groups', () => {
  const faults = faultsOf(readText(realServer('@checkalived AGENT_CHECK {\n@checkalived send "\\1"\n@checkalived }')));
  assert.equal(faults, ['error group-without-expect 8']);
});

test.run();
