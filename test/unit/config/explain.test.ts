import * as assert from 'uvu/assert';
import { channels } from '../../../alerts/index.ts';
import { checkers } from '../../../checks/index.ts';
import { type Explanation, explainKeyword } from '../../../src/config/explain.ts';
import { createTables } from '../../../src/config/keywords/tables.ts';
import { suite } from '../../support/suite.ts';
import { fakeChecker, readText, realServer } from './read-text.ts';

const test = suite('config/explain');
const tables = createTables(checkers, channels);

function explain(keyword: string, block: string | null = null): readonly Explanation[] {
  const answer = explainKeyword(tables, keyword, block);
  if (answer.kind !== 'found') throw new Error(JSON.stringify(answer));
  return answer.explanations;
}

test('a keyword is told with all that its row says', () => {
  assert.equal(explain('hysteresis'), [
    {
      keyword: 'hysteresis',
      blocks: ['virtual_server'],
      doc: 'Distance from the quorum before its state changes.',
      arguments: 'N, 0 to 4294967295',
      range: { min: 0, max: 4_294_967_295 },
      unit: null,
      choices: null,
      default: '0',
      inherits: [],
      required: false,
      repeat: 'last',
      since: null,
      deprecated: null,
      actor: 'both',
    },
  ]);
});

test('a keyword that means different things in different blocks is told for each', () => {
  assert.equal(
    explain('weight')
      .slice(0, 2)
      .map(({ blocks, doc }) => [blocks.join(), doc]),
    [
      ['virtual_server', 'Weight of real servers without one.'],
      ['virtual_server > real_server', 'Share of the traffic; 0 drains.'],
    ],
  );
});

test('blocks in which it means the same are told together', () => {
  const [of] = explain('alpha', 'TCP_CHECK');
  assert.equal(of?.blocks, ['virtual_server > real_server > TCP_CHECK']);
  const inCheckers = explain('alpha').find(({ blocks }) => blocks.length > 1);
  assert.is(inCheckers?.blocks.length, checkers.filter(({ immediate }) => !immediate).length);
});

test('a block is named alone or by its path', () => {
  assert.is(explain('retry', 'real_server').length, 1);
  assert.equal(explain('retry', 'virtual_server > real_server'), explain('retry', 'real_server'));
  assert.is(explain('virtual_server', 'root')[0]?.arguments, 'IP [PORT], fwmark N or group NAME, { ... }');
});

test('times have their unit, choices their words, rows of ours their mark', () => {
  assert.is(explain('connect_timeout', 'virtual_server')[0]?.unit, 'seconds');
  assert.equal(explain('ip_family')[0]?.choices, ['inet', 'inet6']);
  assert.is(explain('rise', 'virtual_server')[0]?.actor, 'ours');
  assert.is(explain('lvs_sync_daemon_interface')[0]?.deprecated, 'lvs_sync_daemon');
  assert.is(explain('net_mask')[0]?.deprecated, '');
});

test('what a checker does by itself is told for that checker', () => {
  assert.is(explain('retry', 'MISC_CHECK')[0]?.default, 'of the real server, else 0');
  assert.is(explain('retry', 'TCP_CHECK')[0]?.default, 'of the real server, else 1');
});

test('a value that is left out comes from the blocks that are named, the nearest first', () => {
  assert.equal(explain('retry', 'TCP_CHECK')[0]?.inherits, ['real_server', 'virtual_server']);
  assert.equal(explain('retry', 'real_server')[0]?.inherits, ['virtual_server']);
  assert.equal(explain('retry', 'virtual_server')[0]?.inherits, []);
  const retryOf = (real: string, virtual: string): number | undefined =>
    readText(realServer(`${real}\nTCP_CHECK {\n}`, virtual)).config.virtualServers[0]?.realServers[0]?.checks[0]?.retry;
  assert.is(retryOf('retry 5', 'retry 7'), 5);
  assert.is(retryOf('', 'retry 7'), 7);
});

test('a checker has no weight of its real server', () => {
  assert.equal(explain('weight', 'real_server')[0]?.inherits, ['virtual_server']);
  for (const { blocks, inherits } of explain('weight')) {
    if (blocks[0]?.endsWith('_CHECK')) assert.equal(inherits, [], blocks.join());
  }
});

test('smtp_alert of a real server does not come from its virtual server', () => {
  assert.equal(explain('smtp_alert', 'real_server')[0]?.inherits, []);
});

test('a keyword that there is not has its nearest named', () => {
  assert.equal(explainKeyword(tables, 'delay_lop', null), { kind: 'no-keyword', nearest: ['delay_loop'] });
  assert.equal(explainKeyword(tables, 'lthresh', null), { kind: 'no-keyword', nearest: ['lthreshold'] });
  assert.equal(explainKeyword(tables, 'zzzzzz', null), { kind: 'no-keyword', nearest: [] });
});

test('a block that there is not, and one in which the keyword does not stand, are told apart', () => {
  assert.equal(explainKeyword(tables, 'retry', 'TCP_CHEK'), { kind: 'no-block', nearest: ['TCP_CHECK'] });
  assert.equal(explainKeyword(tables, 'hysteresis', 'real_server'), {
    kind: 'other-block',
    blocks: ['virtual_server'],
  });
});

test('a checker that brings its own table is explained too', () => {
  const own = createTables([
    fakeChecker('OUR_CHECK', [{ name: 'knob', type: { kind: 'port' }, doc: 'Turns.', required: true, since: '9.9.9' }]),
  ]);
  const answer = explainKeyword(own, 'knob', null);
  const [found] = answer.kind === 'found' ? answer.explanations : [];
  assert.equal(
    [found?.blocks, found?.range, found?.required, found?.since],
    [['virtual_server > real_server > OUR_CHECK'], { min: 1, max: 65_535 }, true, '9.9.9'],
  );
});

test.run();
