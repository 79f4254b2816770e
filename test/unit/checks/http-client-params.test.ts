import * as assert from 'uvu/assert';
import type { HttpSpec } from '../../../checks/http-plan.ts';
import { suite } from '../../support/suite.ts';
import { onlyFault, readText, realServer } from '../config/read-text.ts';

const test = suite('http client params');
const withBody = (line: string) => readText(realServer(`HTTP_GET {\nurl {\npath /\n@checkalived ${line}\n}\n}`));

function bodyOf(line: string): string | null {
  const { config, diagnostics } = withBody(line);
  assert.equal(diagnostics, []);
  const spec = config.virtualServers[0]?.realServers[0]?.checks[0]?.spec as HttpSpec;
  const request = spec.urls[0]?.request;
  return typeof request === 'object' ? request.body : null;
}

test('a body may hold quotation marks and line ends, and has one character for each byte', () => {
  assert.is(bodyOf('body "{\\x22ping\\x22: 1}"'), '{"ping": 1}');
  assert.is(bodyOf('body "a=1\\r\\nb=2"'), 'a=1\r\nb=2');
  assert.is(bodyOf('body "ü"'), '\xc3\xbc');
});

test('a body that cannot be sent is a fault that says what can be', () => {
  for (const line of ['body "a\\q"', 'body "\\1"', 'body a b']) {
    assert.match(onlyFault(withBody(line)).hint, 'Write one text in quotation marks');
  }
});

test.run();
