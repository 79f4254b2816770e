import * as assert from 'uvu/assert';
import { negotiate } from '../../../src/metrics/negotiate.ts';
import { suite } from '../../support/suite.ts';

const test = suite('metrics/negotiate');
const om = 'application/openmetrics-text';

test('Prometheus gets OpenMetrics', () => {
  const old = `${om};version=1.0.0,${om};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`;
  const three = `${om};version=1.0.0;escaping=allow-utf-8;q=0.5,${om};version=0.0.1;q=0.4,text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1`;
  for (const accept of [old, three, om, `${om}; version="1.0.0"; charset=utf-8`]) {
    assert.is(negotiate(accept), 'openmetrics', accept);
  }
});

test('everybody else gets the plain text', () => {
  for (const accept of [
    undefined,
    '',
    '*/*',
    'text/html,application/xhtml+xml,*/*;q=0.8',
    'application/*',
    'nonsense;;=,',
  ]) {
    assert.is(negotiate(accept), 'text', accept);
  }
});

test('the quality decides, and OpenMetrics where there is none', () => {
  assert.is(negotiate(`${om};q=0.4,text/plain;q=0.5`), 'text');
  assert.is(negotiate(`text/plain;q=0.5,${om};q=0.6`), 'openmetrics');
  assert.is(negotiate(`text/plain,${om}`), 'openmetrics');
  assert.is(negotiate(`${om};q=0.5,*/*;q=0.8`), 'text');
  assert.is(negotiate(`${om};q=0,*/*;q=0.1`), 'text');
  assert.is(negotiate(`${om};q=0`), 'text');
  assert.is(negotiate(`${om};q=nan`), 'text');
  assert.is(negotiate(`APPLICATION/OpenMetrics-Text ; Q=0.9 , text/plain ; q=0.1`), 'openmetrics');
});

test('the more exact entry counts, wherever it stands', () => {
  assert.is(negotiate(`${om};q=0.9,text/plain;q=0.1,text/*;q=1`), 'openmetrics');
  assert.is(negotiate(`${om};version=1.0.0;q=0.2,${om};q=0.9,text/plain;q=0.5`), 'text');
});

test('a version that we do not have is not ours', () => {
  assert.is(negotiate(`${om};version=0.0.1`), 'text');
  assert.is(negotiate(`${om};version=2.0.0,text/plain;q=0.1`), 'text');
});

test.run();
