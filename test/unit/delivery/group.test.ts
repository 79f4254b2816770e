import * as assert from 'uvu/assert';
import { formMails } from '../../../src/delivery/group.ts';
import { suite } from '../../support/suite.ts';
import { mailOf, start } from './support.ts';

const test = suite('delivery group');

test('up to the limit every change is a mail with its own subject and body, byte for byte', () => {
  const changes = [mailOf('1'), mailOf('2', 'UP')];
  const mails = formMails(changes, 2, 'lvs1');
  assert.equal(
    mails.map(({ message: { id, subject, body, time } }) => ({ id, subject, body, time })),
    changes.map(({ id, subject, body, time }) => ({ id, subject, body: `${body}\n\n`, time })),
  );
});

test('more than the limit are one mail that counts and lists them', () => {
  const changes = [mailOf('1'), mailOf('2', 'UP'), mailOf('3', 'DOWN', start + 2_000)];
  const [mail, ...more] = formMails(changes, 2, 'lvs1');
  assert.is(more.length, 0);
  assert.is(mail?.message.subject, '[lvs1] 3 changes: 1 up, 2 down');
  assert.is(mail?.time, start + 2_000);
  assert.equal(mail?.members, changes);
  const lines = mail?.message.body.split('\n') ?? [];
  assert.is(lines.length, 4);
  assert.match(
    lines[1] ?? '',
    /^\d{4}-\d\d-\d\d \d\d:\d\d:00 {2}Realserver \[10\.0\.0\.2\]:tcp:80 of virtual server \[10\.0\.0\.1\]:tcp:80 - UP {2}=> TCP CHECK failed on service <=$/,
  );
});

test('another set of changes does not get the same id', () => {
  const changes = ['1', '2', '3', '4'].map(id => mailOf(id));
  assert.is.not(formMails(changes, 1, 'lvs1')[0]?.message.id, formMails(changes.slice(0, 3), 1, 'lvs1')[0]?.message.id);
});

test('a limit of 0 still sends a lone change as keepalived would', () => {
  assert.is(formMails([mailOf('1')], 0, 'lvs1')[0]?.message.subject, mailOf('1').subject);
  assert.equal(formMails([], 0, 'lvs1'), []);
});

test('a group of thousands stays readable', () => {
  const changes = Array.from({ length: 1_500 }, (_, index) => mailOf(String(index)));
  const lines = formMails(changes, 5, 'lvs1')[0]?.message.body.trimEnd().split('\n') ?? [];
  assert.is(lines.length, 1_001);
  assert.is(lines.at(-1), 'and 500 more; "checkalived history" has them all');
});

test.run();
