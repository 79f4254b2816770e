import { Argument, Command, Option } from 'commander';
import * as assert from 'uvu/assert';
import { describeProgram, flattenCompleted } from '../../../../src/cli/completion/describe-program.ts';
import { createProgram } from '../../../../src/cli/program.ts';
import { suite } from '../../../support/suite.ts';
import { createFakeIo } from '../fake-io.ts';
import { noModules } from '../no-modules.ts';

const test = suite('cli/completion/describe-program');

/** A small program with a command below a command. */
function createSample(): Command {
  const program = new Command('sample').option('-v, --verbose', 'say more');
  const group = program.command('group').description('What belongs together. More of it.');
  group
    .command('inner')
    .addArgument(new Argument('<old>'))
    .addArgument(new Argument('<keyword>'))
    .addOption(new Option('--level <level>').choices(['low', 'high']))
    .option('--state-dir <dir>')
    .option('--since <span>');
  return program;
}

test('commands below commands have their whole path', () => {
  const { root } = describeProgram(createSample(), {});
  const paths = flattenCompleted(root).map(({ path }) => path);
  for (const path of ['sample', 'sample group', 'sample group inner', 'sample help']) assert.ok(paths.includes(path));
});

test('what a value is follows from its choices, or from the name that the help gives it', () => {
  const { root } = describeProgram(createSample(), { keyword: ['alpha', 'omega'] });
  const inner = flattenCompleted(root).find(({ name }) => name === 'inner');
  assert.equal(inner?.values, [{ kind: 'file' }, { kind: 'words', of: ['alpha', 'omega'] }]);
  const ofOptions = new Map(inner?.options.map(({ spellings, value }) => [spellings.at(-1), value]));
  assert.equal(ofOptions.get('--level'), { kind: 'words', of: ['low', 'high'] });
  assert.equal(ofOptions.get('--state-dir'), { kind: 'directory' });
  assert.equal(ofOptions.get('--since'), { kind: 'any' });
  assert.equal(ofOptions.get('--help'), null);
});

test('help takes the names of the commands beside it', () => {
  const { root } = describeProgram(createSample(), {});
  assert.equal(root.commands.find(({ name }) => name === 'help')?.values, [{ kind: 'words', of: ['group'] }]);
});

test('the purpose of a command is its first sentence', () => {
  assert.is(describeProgram(createSample(), {}).root.commands[0]?.purpose, 'What belongs together');
});

test('without a command the options of run may stand there', () => {
  const { root } = describeProgram(
    createProgram(createFakeIo(), noModules, () => {}),
    {},
  );
  const spellings = root.options.flatMap(option => option.spellings);
  for (const word of ['--version', '--file', '--dry-run']) assert.ok(spellings.includes(word), word);
  assert.is(spellings.filter(word => word === '--help').length, 1);
});

test('genhash is a program by its own name too', () => {
  const { programs } = describeProgram(
    createProgram(createFakeIo(), noModules, () => {}),
    {},
  );
  assert.equal(
    programs.map(({ path }) => path),
    ['checkalived genhash'],
  );
});

test.run();
