import * as assert from 'uvu/assert';
import { isSecret } from '../../../../src/model/secret.ts';
import { suite } from '../../../support/suite.ts';
import { faultsOf, readText } from '../read-text.ts';

const test = suite('config/channels of alerts');

const block = (lines: string): string => `checkalived {\n${lines}\n}\n`;
function channelsOf(text: string) {
  const result = readText(block(text), { stats: { '/etc/ssl/own.pem': { kind: 'file', mode: 0o644, uid: 0 } } });
  const faults = result.diagnostics.filter(({ code }) => code !== 'own-keyword');
  return { channels: result.config.settings.channels, faults, codes: faultsOf({ diagnostics: faults }), result };
}

test('each channel has a name, its settings and the defaults of its kind', () => {
  const { channels, codes } = channelsOf(`
    webhook ops {
      url https://hooks.example.com/a?b=c
      secret s3cret
      timeout 2.5
      ca /etc/ssl/own.pem
      about virtual_server
    }
    webhook other {
      url http://[2001:db8::1]:8080
    }
    alertmanager am-1 {
      url http://am.example.com:9093
    }
    slack team {
      url https://hooks.slack.com/services/T0/B0/x
    }
    pagerduty night {
      routing_key abc
    }`);
  assert.equal(codes, []);
  assert.equal(
    channels.map(({ id, keyword, about, timeout, ca }) => [id, keyword, about, timeout, ca]),
    [
      ['webhook:ops', 'webhook', 'virtual_server', 2500, '/etc/ssl/own.pem'],
      ['webhook:other', 'webhook', 'all', 10_000, null],
      ['alertmanager:am-1', 'alertmanager', 'all', 10_000, null],
      ['slack:team', 'slack', 'all', 10_000, null],
      ['pagerduty:night', 'pagerduty', 'virtual_server', 10_000, null],
    ],
  );
});

test('the url of an Alertmanager is completed, with and without a path of its own', () => {
  const urls = ['http://am:9093', 'http://am:9093/', 'http://am/prefix', 'http://am/prefix/api/v2/alerts'].map(url => {
    const [channel] = channelsOf(`alertmanager a {\nurl ${url}\n}`).channels;
    const { url: made } = (channel?.spec ?? {}) as { readonly url?: unknown };
    return isSecret(made) ? made.reveal() : '';
  });
  assert.equal(urls, [
    'http://am:9093/api/v2/alerts',
    'http://am:9093/api/v2/alerts',
    'http://am/prefix/api/v2/alerts',
    'http://am/prefix/api/v2/alerts',
  ]);
});

for (const [lines, code, said] of [
  ['webhook a {\n}', 'missing-keyword', 'without a url'],
  ['webhook a {\nurl hooks.example.com/geheim\n}', 'bad-value', 'does not begin with http'],
  ['webhook a {\nurl ftp://x/geheim\n}', 'bad-value', 'does not begin with http'],
  ['webhook a {\nurl "https://x/geheim und mehr"\n}', 'bad-value', 'blanks'],
  ['webhook a {\nurl https://x:99999/geheim\n}', 'bad-value', 'no URL'],
  ['webhook a {\nurl https://x:0/geheim\n}', 'bad-value', 'no port 0'],
  ['webhook a {\nurl https://user:geheim@x/\n}', 'bad-value', 'a login stands in it'],
  ['webhook a {\nurl "https://x/#geheim"\n}', 'bad-value', 'never sent'],
  ['webhook a {\nurl https://x/\nbearer_token geheim\nuser b\n}', 'conflicting-keywords', 'or user and password'],
  ['webhook a {\nurl https://x/\npassword geheim\n}', 'missing-keyword', 'without user'],
  ['webhook a {\nurl https://x/\nbearer_token "Bearer geheim"\n}', 'bad-value', 'no token has'],
  ['webhook a {\nurl https://x/\nbearer_token gehei\u4e2d\n}', 'bad-value', 'no token has'],
  ['alertmanager a {\nurl am:9093\n}', 'bad-value', 'does not begin with http'],
  ['slack a {\nurl geheim\n}', 'bad-value', 'does not begin with http'],
  ['pagerduty a {\nurl https://x/\n}', 'missing-keyword', 'routing_key'],
  ['slack {\nurl https://x/\n}', 'missing-argument', 'has a name'],
  ['slack a/b {\nurl https://x/\n}', 'bad-value', 'one name'],
] as const) {
  test(`${lines.replaceAll('\n', ' ')} is ${code}, and the channel is left out`, () => {
    const { channels, faults } = channelsOf(lines);
    assert.equal(channels, []);
    assert.equal(
      faults.map(fault => [fault.severity, fault.code, fault.keepalived]),
      [['warning', code, false]],
    );
    assert.match(faults[0]?.message ?? '', said);
    assert.ok((faults[0]?.hint ?? '').length > 0);
    assert.not.match(JSON.stringify(faults), 'geheim');
  });
}

test('authorities that are not on this host are warned of', () => {
  const { channels, codes } = channelsOf('slack a {\nurl https://x/\nca /etc/ssl/none.pem\n}');
  assert.equal(codes, ['warning tls-file-not-found 4']);
  assert.is(channels.length, 1);
});

test('of two channels with one name the first counts; of two kinds both do', () => {
  const { channels, codes } = channelsOf(`
    slack a {
      url https://x/1
    }
    slack a {
      url https://x/2
    }
    webhook a {
      url https://x/3
    }`);
  assert.equal(codes, ['warning repeated-name 6']);
  assert.equal(
    channels.map(({ id }) => id),
    ['slack:a', 'webhook:a'],
  );
});

test('secrets are known as such, and stand in no text of the configuration', () => {
  const { result } = channelsOf(`
    webhook a {
      url https://x/one-secret
      secret two-secret
      bearer_token three-secret
    }
    slack b {
      url https://x/four-secret
    }
    pagerduty c {
      routing_key five-secret
    }
    alertmanager d {
      url http://x
      user u
      password six-secret
    }`);
  assert.equal(
    result.secrets.map(({ text }) => text.reveal().replace('https://x/', '').replace('-secret', '')),
    ['one', 'two', 'three', 'four', 'five', 'six'],
  );
  assert.is(result.config.settings.channels.length, 4);
  assert.not.match(JSON.stringify(result.config), '-secret');
});

test.run();
