import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { CommandRequest } from '../../../src/model/ports.ts';
import { secureCommands } from '../../../src/notify/secure-commands.ts';
import { suite } from '../../support/suite.ts';

const test = suite('secureCommands');
let directory = '';
let script = '';

test.before(() => {
  directory = mkdtempSync(join(tmpdir(), 'checkalived-secure-'));
  script = join(directory, 'check');
  writeFileSync(script, '#!/bin/sh\n');
  chmodSync(script, 0o777);
});
test.after(() => rmSync(directory, { recursive: true }));

function setUp(enabled: boolean, uid: number) {
  const ran: CommandRequest[] = [];
  const commands = secureCommands(
    {
      run: async request => {
        ran.push(request);
        return { kind: 'exited', code: 0, output: '' };
      },
      begin(request, receiver) {
        ran.push(request);
        queueMicrotask(() => receiver.ended({ kind: 'exited', code: 0, output: '' }));
        return { abort: () => {} };
      },
    },
    { enabled: () => enabled, scriptUser: () => null, identityOf: () => ({ uid, gid: uid }), searchPath: [] },
  );
  const request: CommandRequest = { argv: [script], timeout: 1, killAfter: 1, keepOutput: 0 };
  const run = async () => {
    const begun = new Promise(ended => commands.begin(request, { ended }));
    const outcome = await commands.run(request, new AbortController().signal);
    assert.equal(await begun, outcome);
    return outcome;
  };
  return { ran, run };
}

test('a script that everybody may alter is not run as root', async () => {
  const { ran, run } = setUp(true, 0);
  const outcome = await run();
  assert.is(outcome.kind, 'not-started');
  assert.match(outcome.kind === 'not-started' ? outcome.detail : '', 'writable for everybody');
  assert.is(ran.length, 0);
});

test('without enable_script_security it is', async () => {
  const { ran, run } = setUp(false, 0);
  assert.is((await run()).kind, 'exited');
  assert.is(ran.length, 2);
});

test('so it is for a user who is not root', async () => {
  const { ran, run } = setUp(true, 1000);
  assert.is((await run()).kind, 'exited');
  assert.is(ran.length, 2);
});

test.run();
