// blackbox_exporter's history of probes and its secrets, in our words.
import * as assert from 'uvu/assert';
import { modules } from '../../src/cli/main.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import { createStore } from '../../src/store/store.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { block, configFor, httpGet, runCheck, withFile } from '../support/black-box.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { suite } from '../support/suite.ts';
import { createFakeIo } from '../unit/cli/fake-io.ts';
import { check, commit, fails, makeDirectory, passes, query, storeOptions, transition } from '../unit/store/support.ts';

const test = suite('peers: blackbox history');
const hour = 3_600_000;
const directory = makeDirectory();
test.after(() => directory.remove());

test('B24 results go when they are old, what changed stays, and is found by its server', async () => {
  const clock = new VirtualClock();
  const store = createStore(
    { ...storeOptions, directory: directory.path, retentionResults: hour, retentionTransitions: 1000 * hour },
    { clock, log: new RecordingLog(), random: () => 0.5 },
  );
  await store.open();
  const observer = store.observe(check);
  observer.finished(clock.wall(), fails());
  await store.commit(commit({ time: clock.wall(), transitions: [transition({ reason: 'refused' })] }));
  await clock.advance(3 * hour);
  observer.finished(clock.wall(), passes());
  await clock.advance(1000);
  await store.maintain();
  await store.close();
  assert.equal(
    query(directory.path, 'SELECT ok FROM results').map(({ ok }) => ok),
    [1],
    'the newest is kept, the old one is not, though it failed',
  );
  const ask = async (server: string) => {
    const io = createFakeIo({ clock });
    const words = ['history', '--json', '--since', '24h', '--state-dir', directory.path, '--server', server];
    await runCommandLine(words, io, modules);
    return JSON.parse(io.stdout.text).transitions.map(({ reason }: { reason: string }) => reason);
  };
  assert.equal([await ask('10.0.0.2:80'), await ask('10.0.0.3:80')], [['refused'], []]);
});

test('B25 no command that shows or compares a configuration shows a secret', async () => {
  const text = (secret: string) =>
    [
      block('checkalived', 'smtp_user me', `smtp_password ${secret} surplus`),
      block(
        'vrrp_instance a',
        'interface eth9',
        'virtual_router_id 3',
        block('authentication', `auth_pass ${secret} x`),
      ),
      configFor(httpGet('path /', `header Authorization "Bearer ${secret}"`, `header Cookie ${secret}`), 9),
    ].join('\n');
  await withFile(text('hunter2x'), old =>
    withFile(text('hunter3x'), async changed => {
      for (const words of [
        ['test', '-f', old],
        ['test', '--json', '--timing', '-f', old],
        ['check', '--json', '-f', old],
        ['config', 'diff', old, changed],
        ['config', 'diff', '--json', old, changed],
      ]) {
        const io = createFakeIo();
        await runCommandLine(words, io, modules);
        const shown = io.stdout.text + io.stderr.text;
        assert.ok(shown.length > 20, words.join(' '));
        assert.not.match(shown, /hunter/, words.join(' '));
      }
    }),
  );
});

test('B25 the line of a fault is shown without its secret', async () => {
  const { complaints } = await runCheck(
    `${block('checkalived', 'smtp_password hunter2x "surplus')}\n${block('nonsense_of_password', 'hunter2x')}`,
  );
  assert.not.match(complaints, /hunter/);
});

test.run();
