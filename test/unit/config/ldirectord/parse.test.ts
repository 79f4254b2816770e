import * as assert from 'uvu/assert';
import { collectNotes } from '../../../../src/config/ldirectord/notes.ts';
import { noteRepeated, parseLdirectord } from '../../../../src/config/ldirectord/parse.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('config/ldirectord/parse');

test('indented lines belong to the virtual above them, others to the whole file', () => {
  const { globals, virtuals } = parse(
    'checkinterval=5\nvirtual=192.0.2.1:80\n    real=10.0.0.1 gate\n\tservice=http\nautoreload=yes\n',
  );
  assert.equal(globals, ['1 checkinterval 5', '5 autoreload yes']);
  assert.equal(virtuals, [['3 real 10.0.0.1 gate', '4 service http']]);
});
test('comments are left out, in a virtual also behind a value', () => {
  const { virtuals, notes } = parse('# x\nvirtual=192.0.2.1:80\n  # y\n\tscheduler=rr # z\n');
  assert.equal(virtuals, [['4 scheduler rr']]);
  assert.equal(notes, []);
});
test('a # in quotation marks is a comment too, as ldirectord has it', () => {
  assert.equal(parse('virtual=192.0.2.1:80\n\treceive="a#b"\n').notes, ['error 2']);
});
test('an indented line behind an empty one is read, with a warning', () => {
  const { virtuals, notes } = parse('virtual=192.0.2.1:80\n\n\tscheduler=rr\n');
  assert.equal(virtuals, [['3 scheduler rr']]);
  assert.equal(notes, ['warning 3']);
});
test('a keyword in the wrong place, an unknown one and a bad value are errors', () => {
  const text =
    'scheduler=rr\nvirtual=192.0.2.1:80\n\tautoreload=yes\n\tshceduler=rr\n\tcheckport=0\n\tops=maybe\n\tservice=gopher\nrubbish\n';
  assert.equal(parse(text).notes, ['error 1', 'error 3', 'error 4', 'error 5', 'error 6', 'error 7', 'error 8']);
});
test('a misspelt keyword is told the right one', () => {
  const notes = collectNotes();
  parseLdirectord('checkintervall = 5\n', notes);
  assert.match(notes.list()[0]?.hint ?? '', 'Did you mean checkinterval?');
});
test('of a keyword that stands twice the first gets a note', () => {
  const notes = collectNotes();
  noteRepeated(parseLdirectord('checkinterval=5\ncheckinterval=6\n', notes), notes);
  assert.equal(
    notes.list().map(({ severity, line }) => `${severity} ${line}`),
    ['hint 1'],
  );
});
test('an IPv6 address behind virtual is read as virtual6, with a warning', () => {
  const notes = collectNotes();
  assert.is(parseLdirectord('virtual = [2001:db8::1]:80\n', notes).virtuals[0]?.family, 'inet6');
  assert.is(notes.list()[0]?.severity, 'warning');
});
test('a bare supervised, carriage returns and a byte order mark are read', () => {
  const { globals, notes } = parse('\uFEFFsupervised\r\nfork = no\r\n');
  assert.equal(globals, ['1 supervised yes', '2 fork no']);
  assert.equal(notes, []);
});

function parse(text: string) {
  const notes = collectNotes();
  const { globals, virtuals } = parseLdirectord(text, notes);
  const show = ({ keyword, value, line }: (typeof globals)[number]) => `${line} ${keyword.name} ${value}`;
  return {
    globals: globals.map(show),
    virtuals: virtuals.map(({ settings }) => settings.map(show)),
    notes: notes.list().map(({ severity, line }) => `${severity} ${line}`),
  };
}

test.run();
