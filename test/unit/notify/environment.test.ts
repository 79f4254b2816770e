import * as assert from 'uvu/assert';
import { rsId, vsId } from '../../../src/model/ids.ts';
import { type ScriptEffect, scriptEnvironment } from '../../../src/notify/environment.ts';
import { suite } from '../../support/suite.ts';

const test = suite('notify/environment');
const effect: ScriptEffect = {
  type: 'script',
  virtualServer: vsId('tcp/10.0.0.1:80'),
  realServer: rsId('10.0.0.2:80'),
  event: 'notify_down',
  script: { argv: ['/bin/true'] },
  state: 'DOWN',
  weight: 3,
  reason: 'refused: connection refused',
};

test('a script learns what happened to whom, when and why', () => {
  assert.equal(scriptEnvironment(effect, '2026-01-01T00:00:00.000Z'), {
    CHECKALIVED_EVENT: 'notify_down',
    CHECKALIVED_VIRTUAL_SERVER: 'tcp/10.0.0.1:80',
    CHECKALIVED_REAL_SERVER: '10.0.0.2:80',
    CHECKALIVED_STATE: 'DOWN',
    CHECKALIVED_WEIGHT: '3',
    CHECKALIVED_REASON: 'refused: connection refused',
    CHECKALIVED_TIME: '2026-01-01T00:00:00.000Z',
  });
});

test('an event of the virtual server has an empty real server', () => {
  const quorum = { ...effect, event: 'quorum_down', realServer: null } as const;
  assert.match(JSON.stringify(scriptEnvironment(quorum, '')), '"CHECKALIVED_REAL_SERVER":""');
});

test.run();
