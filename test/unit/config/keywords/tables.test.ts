import * as assert from 'uvu/assert';
import { channels } from '../../../../alerts/index.ts';
import { checkers } from '../../../../checks/index.ts';
import { createTables } from '../../../../src/config/keywords/tables.ts';
import type { Param } from '../../../../src/model/params.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('config/keywords/tables');
const tables = createTables(checkers, channels);
const blocks: Readonly<Record<string, readonly Param[]>> = {
  virtual_server: tables.virtualServer,
  real_server: tables.realServer,
  ...Object.fromEntries(tables.checkers),
};

function find(block: string, name: string): Param {
  const param = blocks[block]?.find(each => each.name === name);
  if (param === undefined) throw new Error(`there is no ${name} in ${block}`);
  return param;
}

test('what a checker does by itself is its default', () => {
  for (const [block, name, value] of [
    ['HTTP_GET', 'delay_before_retry', 'of the real server, else 3'],
    ['DNS_CHECK', 'retry', 'of the real server, else 3'],
    ['DNS_CHECK', 'delay_before_retry', 'of the real server, else delay_loop'],
    ['PING_CHECK', 'retry', 'of the real server, else 1'],
    ['UDP_CHECK', 'delay_before_retry', 'of the real server, else 1'],
  ] as const)
    assert.is(find(block, name).default, value, `${name} in ${block}`);
});

test('alpha and log_all_failures of a checker come from without', () => {
  for (const [keyword, params] of tables.checkers) {
    const defaultOf = (name: string) => params.find(param => param.name === name)?.default;
    assert.is(defaultOf('alpha') ?? 'of the real server', 'of the real server', keyword);
    assert.is(defaultOf('log_all_failures') ?? 'checker_log_all_failures', 'checker_log_all_failures', keyword);
  }
});

test('when to check has its versions level by level', () => {
  const versions = (name: string) =>
    ['virtual_server', 'real_server', 'TCP_CHECK'].map(level => find(level, name).since);
  assert.equal(versions('delay_loop'), [undefined, '1.3.7', '1.3.7']);
  assert.equal(versions('warmup'), ['1.3.7', '1.3.7', '1.2.13']);
  assert.equal(versions('retry'), ['1.3.7', '1.3.7', undefined]);
  assert.equal(versions('connect_timeout'), ['2.0.13', '2.0.13', undefined]);
  assert.is(find('real_server', 'DNS_CHECK').since, '1.3.0');
  for (const keyword of ['UDP_CHECK', 'PING_CHECK']) assert.is(find('real_server', keyword).since, '2.1.0');
  assert.is(find('real_server', 'TCP_CHECK').since, undefined);
});

test.run();
