import * as assert from 'uvu/assert';
import { convertConfig } from '../../../../src/cli/commands/config-convert.ts';
import { suite } from '../../../support/suite.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/commands/config-convert');
const asked = { file: 'ldirectord.cf', from: 'ldirectord' } as const;
const holding = (text: string) => ({ readFile: () => ({ ok: true, text, executable: false }) as const });
const service = 'virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate\n\tprotocol=tcp\n\tchecktype=connect\n';

test('the new configuration goes to standard output', async () => {
  const io = createFakeIo();
  assert.is(await convertConfig(asked, io, holding(service)), 0);
  assert.match(io.stdout.text, 'virtual_server 10.0.0.1 80 {');
});

test('what must be mended makes it 1, and is told with its line', async () => {
  const io = createFakeIo();
  assert.is(await convertConfig(asked, io, holding(`${service}\tnonsense=1\n`)), 1);
  assert.match(io.stderr.text, /^ldirectord\.cf:5: error: .*\n {4}hint: /m);
  assert.match(io.stderr.text, 'checkalived: 1 line of ldirectord.cf must be mended by hand\n');
  assert.match(io.stdout.text, 'virtual_server 10.0.0.1 80 {');
});

test('a file that cannot be read makes it 2', async () => {
  const io = createFakeIo();
  const readFile = () => ({ ok: false, reason: 'missing', detail: 'there is no such file' }) as const;
  assert.is(await convertConfig(asked, io, { readFile }), 2);
  assert.is(io.stderr.text, 'checkalived: ldirectord.cf cannot be read: there is no such file.\n');
  assert.is(io.stdout.text, '');
});

test.run();
