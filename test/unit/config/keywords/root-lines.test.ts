import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { faultsOf, readText } from '../read-text.ts';

const test = suite('config/root lines');

test('lines of the root are judged as keepalived does', () => {
  const faults = (text: string) => faultsOf(readText(text)).join(' ');
  assert.is(faults('net_namespace a\nnet_namespace_ipvs\ninstance b\nuse_pid_dir\nchild_wait_time 9\n'), '');
  assert.is(faults('namespace_with_ipsets\nlinkbeat_use_polling'), '');
  assert.is(faults('net_namespace'), 'warning missing-argument 1');
  assert.is(faults('instance a\ninstance b'), 'warning repeated-keyword 2');
  assert.is(faults('child_wait_time x'), 'warning bad-value 1');
});
test('a second value in SSL, and a second SSL, replace the first and are reported', () => {
  const stats = Object.fromEntries(
    ['a', 'b', 'c', 'k'].map(path => [path, { kind: 'file', mode: 0o600, uid: 0 }] as const),
  );
  const faults = (text: string) => faultsOf(readText(text, { stats })).join(' ');
  assert.is(faults('SSL {\npassword p\nca a\ncertificate c\nkey k\n}'), '');
  assert.is(faults('SSL {\nca a\nca b\n}'), 'warning repeated-keyword 3');
  assert.is(faults('SSL {\nca\n}'), 'warning missing-argument 2');
  assert.is(faults('SSL {\nkey k\n}'), 'warning missing-keyword 1');
  assert.is(faults('SSL {\n}\nSSL {\n}'), 'warning repeated-keyword 3');
});

test.run();
