import * as assert from 'uvu/assert';
import { leaveToKeepalived, ownFifos, rehearse } from '../../../src/cli/announcers.ts';
import type { Announcers } from '../../../src/engine/announcer.ts';
import { vsId } from '../../../src/model/ids.ts';
import type { Script } from '../../../src/model/server.ts';
import { makeConfig } from '../../support/configs.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { suite } from '../../support/suite.ts';

const test = suite('cli/announcers');
const effect = (script: Script) => ({
  type: 'script' as const,
  virtualServer: vsId('tcp/10.0.0.1:80'),
  realServer: null,
  event: 'quorum_up' as const,
  script,
  state: 'UP' as const,
  weight: 1,
  reason: 'quorum',
});

test('in mode trackfile only scripts that keepalived does not see are run', async () => {
  const ran: string[] = [];
  const announcers: Announcers = {
    runScript: async ({ script }) => {
      ran.push(script.argv[0]);
      return { outcome: 'delivered', detail: 'run' };
    },
    writeFifo: () => {},
    sendMail: () => {},
    sendAlert: () => {},
  };
  const log = new RecordingLog();
  const left = leaveToKeepalived(announcers, log);
  assert.is((await left.runScript(effect({ argv: ['/bin/both', 'x'] }), 0)).detail, 'left to keepalived');
  assert.is((await left.runScript(effect({ argv: ['/bin/ours'], ours: true }), 0)).detail, 'run');
  assert.equal(ran, ['/bin/ours']);
  assert.is(log.lines[0]?.message, 'left to keepalived: quorum_up /bin/both x');
  assert.is(left.sendMail, announcers.sendMail);
});

test('a dry run says what would be told, and to whom', () => {
  const log = new RecordingLog();
  const announcers = rehearse(log);
  const notification = { id: '1', time: 0, body: '', virtualServer: 'x', realServer: null };
  announcers.sendMail({ ...notification, channel: 'smtp', subject: '[lvs1] a - DOWN' });
  announcers.sendAlert({ ...notification, channel: 'webhook:ops', subject: '[lvs1] b - UP' });
  assert.equal(
    log.lines.map(({ message }) => message),
    ['dry run, not done: mail [lvs1] a - DOWN', 'dry run, not done: webhook:ops [lvs1] b - UP'],
  );
});

test('a FIFO that keepalived writes to as well is ours in every mode but trackfile', () => {
  const { globals } = makeConfig({
    globals: {
      notifyFifo: { path: '/run/both', script: null },
      lvsNotifyFifo: { path: '/run/ours', script: null, ours: true },
    },
  });
  const paths = (mode: 'weights' | 'trackfile') => ownFifos(globals, mode).map(({ path }) => path);
  assert.equal(paths('weights'), ['/run/both', '/run/ours']);
  assert.equal(paths('trackfile'), ['/run/ours']);
});

test.run();
