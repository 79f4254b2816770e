import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { readText, realServer } from './read-text.ts';

const test = suite('config/read');
const text = ['@checkalived router_id ours', '@lb1 smtp_helo_name host', '@zz notification_email_from other'].join(
  '\n',
);
const read = (configId: string) => {
  const { routerId, smtpHeloName, notificationEmailFrom } = readText(`global_defs {\n${text}\n}\n`, { configId }).config
    .globals;
  return [routerId, smtpHeloName, notificationEmailFrom];
};

test('lines for checkalived are ours, and lines for the host are kept as keepalived keeps them', () => {
  assert.equal(read('checkalived'), ['ours', 'host', 'keepalived@lb1.example.com']);
});
test('another id takes the place of the name of the host', () => {
  assert.equal(read('zz'), ['ours', 'lb1.example.com', 'other']);
});
test('faults and servers point into the file where they stand', () => {
  const { config, diagnostics, sources } = readText('\ninclude a.conf\n', {
    files: { 'a.conf': `${realServer('TCP_CHECK { }')}foo\n` },
  });
  assert.equal(config.virtualServers[0]?.span, { file: 'a.conf', line: 1, column: 1, length: 14 });
  assert.equal([diagnostics[0]?.file, diagnostics[0]?.line], ['a.conf', 10]);
  assert.equal([...sources.keys()], ['main.conf', 'a.conf']);
});
test('keepalived says nothing of a line that is hidden from it', () => {
  const [shown, hidden] = ['', '@checkalived '].map(prefix =>
    readText(realServer(`TCP_CHECK {\n${prefix}conect_timeout 3\n}`)).diagnostics.map(each => each.keepalived),
  );
  assert.equal([shown, hidden], [[true], [false]]);
});

test.run();
