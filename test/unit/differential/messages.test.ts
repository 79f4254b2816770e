import * as assert from 'uvu/assert';
import { isOpen, judge, shapeOf } from '../../differential/messages.ts';
import { suite } from '../../support/suite.ts';

const test = suite('differential/messages');

test('what keepalived says and still exits with 0 is no complaint', () => {
  assert.equal(judge({ exit: 0, messages: ['(Line 1) Something to know'] }), { complaints: [], machine: [] });
});

test('an interface that is missing is a fault of the machine, and so is what follows from it', () => {
  const messages = [
    "(/tmp/a.conf: Line 2) WARNING - interface eth7 for vrrp_instance V doesn't exist",
    '(V) Unknown interface!',
    'Non-existent interface specified in configuration',
  ];
  assert.equal(judge({ exit: 5, messages }), { complaints: [], machine: ['interface'] });
});

test('without a missing interface an unknown one is a fault of the file', () => {
  assert.equal(judge({ exit: 5, messages: ['(V) Unknown interface!'] }).complaints, ['(V) Unknown interface!']);
});

test('what is said besides the machine is left', () => {
  const messages = ['Disabling track script c since not found/accessible', "(Line 3) Unknown keyword 'x'"];
  const judgement = judge({ exit: 5, messages });
  assert.equal(judgement, { complaints: ["(Line 3) Unknown keyword 'x'"], machine: ['script'] });
  assert.not(isOpen(judgement));
});

test('a name of a mail server is for DNS, what cannot be a name is not', () => {
  const say = (server: string) => judge({ exit: 5, messages: [`(Line 8) Invalid smtp server ${server} 25`] });
  assert.equal(say('mail.example.com').machine, ['DNS']);
  assert.is(say('**').complaints.length, 1);
  assert.is(say('10.0.0.256').complaints.length, 1);
});

test('an include of nothing counts only where it must exist', () => {
  const messages = ["(Line 1) Config files missing '/nowhere'."];
  assert.is(judge({ exit: 5, messages }).complaints.length, 0);
  assert.is(judge({ exit: 6, messages }).complaints.length, 1);
});

test('a crash is a complaint, and a run without end leaves it open', () => {
  assert.equal(judge({ exit: 139, messages: [] }).complaints, ['ended by signal 11']);
  assert.ok(isOpen(judge({ exit: null, messages: [] })));
});

test('alike messages have one shape', () => {
  const shape = shapeOf("(/tmp/1.conf: Line 4) number '256' outside range [1, 255]");
  assert.is(shape, shapeOf("(Line 9) number '70000' outside range [1, 65535]"));
  assert.is(shape, 'number … outside range …');
});

test.run();
