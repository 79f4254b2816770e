import * as assert from 'uvu/assert';
import { findBlockEnd } from '../../../../src/config/text/block-end.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('config/text/block-end');

test('a block ends where its own brace is closed', () => {
  const text = 'real_server 10.0.0.2 80 {\nHTTP_GET {\nurl {\npath "}"\n} # }\n}\n}\n';
  assert.is(findBlockEnd(text, 1), 7);
  assert.is(findBlockEnd(text, 2), 6);
  assert.is(findBlockEnd(text, 3), 5);
});

test('a brace may open on the next line, and a block stand on one', () => {
  assert.is(findBlockEnd('TCP_CHECK { }\nother {\n}\n', 1), 1);
  assert.is(findBlockEnd('TCP_CHECK\n{\n}\n', 1), 3);
});

test('what has no brace, or none that closes, ends where it begins', () => {
  assert.is(findBlockEnd('weight 1\nTCP_CHECK {\n}\n', 1), 1);
  assert.is(findBlockEnd('TCP_CHECK {\nconnect_timeout 1\n', 1), 1);
});

test.run();
