import * as assert from 'uvu/assert';
import { printConfigText } from '../../../../src/cli/commands/config-print.ts';
import { UnreadableConfig } from '../../../../src/config/load.ts';
import { suite } from '../../../support/suite.ts';
import { readTextTree } from '../../config/read-text.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/commands/config-print');
const asked = { file: 'main.conf', configId: 'checkalived', lenient: false };
const holding = (text: string) => ({ loadTree: async () => readTextTree(text) });

test('the text goes to standard output, and nothing else', async () => {
  const io = createFakeIo();
  assert.is(await printConfigText(asked, io, holding('global_defs { router_id x }')), 0);
  assert.is(io.stdout.text, 'global_defs {\n    router_id x\n}\n');
  assert.is(io.stderr.text, '');
});

test('what nobody knows is named, and how many there are', async () => {
  const io = createFakeIo();
  assert.is(await printConfigText(asked, io, holding('global_defs {\nnonsense\nmore_of_it\n}')), 0);
  assert.is(io.stdout.text, 'global_defs {\n}\n');
  assert.match(io.stderr.text, 'main.conf:2:1: warning: There is no keyword nonsense');
  assert.match(io.stderr.text, 'main.conf has 2 faults: what cannot be read for them is not in the text\n');
});

const faulty = 'virtual_server 10.0.0.1 80 {\nreal_server 10.0.0.2 80 {\nNO_CHECK {\n}\n}\n}';

test('of a file with errors nothing is printed', async () => {
  const io = createFakeIo();
  assert.is(await printConfigText(asked, io, holding(faulty)), 1);
  assert.is(io.stdout.text, '');
  assert.match(io.stderr.text, 'main.conf:3:1: error:');
  assert.match(io.stderr.text, 'main.conf has 1 error, and nothing is printed; mend it, or add --lenient');
});

test('with --lenient it is, without what they concern', async () => {
  const io = createFakeIo();
  assert.is(await printConfigText({ ...asked, lenient: true }, io, holding(faulty)), 0);
  assert.is(io.stdout.text, 'virtual_server 10.0.0.1 80 {\n    real_server 10.0.0.2 80 {\n    }\n}\n');
  assert.match(io.stderr.text, 'main.conf has 1 fault:');
});

test('words that cannot be written are an error', async () => {
  const io = createFakeIo();
  assert.is(await printConfigText(asked, io, holding('global_defs {\nrouter_id "a b\\" } "')), 1);
  assert.match(io.stderr.text, 'main.conf:2:1: error: These words come from stray quotation marks');
});

test('a file that cannot be read makes it 2', async () => {
  const io = createFakeIo();
  const loadTree = (): never => {
    throw new UnreadableConfig('main.conf', { ok: false, reason: 'missing', detail: 'there is no such file' });
  };
  assert.is(await printConfigText(asked, io, { loadTree }), 2);
  assert.match(io.stderr.text, 'checkalived: main.conf cannot be read: there is no such file.');
});

test.run();
