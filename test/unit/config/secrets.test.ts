import * as assert from 'uvu/assert';
import type { ReadResult } from '../../../src/config/read.ts';
import { coverSecrets } from '../../../src/config/secrets.ts';
import { suite } from '../../support/suite.ts';
import { readText } from './read-text.ts';

const test = suite('config/secrets');
const instance = (lines: string) => `vrrp_instance V {\n${lines}\n}\n`;

const server = (line: string) =>
  `virtual_server 10.0.0.1 80 {\nreal_server 10.0.0.2 80 {\nHTTP_GET {\nurl {\npath /\n${line}\n}\n}\n}\n}\n`;

const channel = (keyword: string, line: string) => `checkalived {\n${keyword} a {\n${line}\n}\n}\n`;

/** Everything that a reader may be shown: each line of the main file, and each diagnostic. */
function shownOf(text: string, { diagnostics, secrets }: ReadResult = readText(text)): string {
  const lines = text.split('\n').map((line, index) => coverSecrets(line, 'main.conf', index + 1, secrets));
  return [...lines, JSON.stringify(diagnostics)].join('\n');
}
const hidden: Readonly<Record<string, string>> = {
  'a password': instance('authentication {\nauth_type PASS\nauth_pass hunter2\n}'),
  'a password on the line of its block': instance('authentication { auth_pass hunter2 }'),
  'a password of several words': instance('authentication {\nauth_pass xx hunter2\n}'),
  'a password with a comment sign': instance('authentication {\nauth_pass xx#hunter2\n}'),
  'a password with a brace': instance('authentication {\nauth_pass xx{hunter2}hunter2\n}'),
  'a password in quotation marks that do not close': instance('authentication {\nauth_pass "hunter2\n}'),
  'a password in a variable': `$PASS=hunter2\n${instance('authentication {\nauth_pass $PASS\n}')}`,
  'a short password in a variable': `$P=pw1\n${instance('authentication {\nauth_pass $P\n}')}`,
  'a password outside of its block': instance('auth_pass hunter2'),
  'a password behind a misspelt keyword': instance('authentication {\nauth_pas hunter2\n}'),
  'a password of another type': instance('authentication {\nauth_type pass\nauth_pass hunter2-hunter2\n}'),
  'a key': instance('auth_hmac {\nkey 1 hex:hunter2\n}'),
  'a key without an id': instance('auth_hmac {\nkey hunter2 hunter2\n}'),
  'a password behind an equals sign': instance('authentication {\nauth_pass=hunter2\n}'),
  'a password that looks like a variable': instance('authentication {\nauth_pass xx$hunter2\n}'),
  'a password that looks like a variable, in one line': instance('authentication { auth_pass xx$hunter2 }'),
  'a part of a password in a variable': `$PASSWORD=hunter2\n${instance(`auth_pass \${PASSWORD}3`)}`,
  'the password of a key': 'SSL {\npassword xx hunter2\n}\n',
  'a header of a request': server('header Authorization "Bearer hunter2"'),
  'a header of a request behind @checkalived': server('@checkalived header cookie session=hunter2 x'),
  'a header of a request with a brace': server('header Proxy-Authorization xx{hunter2}hunter2'),
  'a header of a request with letters that no header has': server('header Cookie "\u00e9 hunter2"'),
  'an API key in a header of a request': server('header X-Api-Key hunter2'),
  'a token in a header of a request that cannot be sent': server('header X-Auth-Token "\u00e9 hunter2"'),
  'the password for the mail server': 'checkalived {\nsmtp_password hunter2\n}\n',
  'the url of a web hook': channel('webhook', 'url https://x/a?b=hunter2'),
  'a url that cannot be used': channel('slack', 'url hunter2'),
  'a url behind a misspelt keyword': channel('slack', 'urll https://hooks.slack.com/services/hunter2'),
  'a url in a misspelt block': channel('slak', '@checkalived url https://hooks.slack.com/services/hunter2'),
  'a url with nothing but a query': channel('webhok', 'url https://x?hunter2'),
  'the secret of a web hook': channel('webhook', 'url https://x\nsecret hunter2'),
  'a secret behind a misspelt keyword': channel('webhook', 'secrets hunter2'),
  'a token of a web hook': channel('webhook', 'bearer_token hunter2'),
  'a token behind a misspelt keyword': channel('webhook', 'bearer-token hunter2'),
  'a key of PagerDuty': channel('pagerduty', 'routing_key hunter2'),
  'a key behind a misspelt keyword': channel('pagerduty', 'routingkey hunter2'),
  'the password for an Alertmanager': channel('alertmanager', 'password hunter2'),
};

for (const [what, text] of Object.entries(hidden)) {
  test(`${what} is never shown`, () => {
    assert.not.match(shownOf(text), /hunter2|pw1/);
  });
}
test('what stands around a secret is shown where it stood', () => {
  const { secrets } = readText(instance('authentication {\n  auth_pass hunter2\n}'));
  assert.is(coverSecrets('  auth_pass hunter2', 'main.conf', 3, secrets), '  auth_pass *******');
  assert.is(coverSecrets('state MASTER', 'main.conf', 2, secrets), 'state MASTER');
  assert.is(coverSecrets('url "http://am:9093/a"', 'main.conf', 2, secrets), 'url "http://am:9093/*"');
  assert.is(coverSecrets('router_id a', 'main.conf', 2, secrets), 'router_id a');
});
test('the model prints its secrets as stars of another kind', () => {
  const { config } = readText(instance('authentication {\nauth_type PASS\nauth_pass hunter2\n}'));
  const [{ authentication } = { authentication: null }] = config.vrrp.instances;
  assert.is(authentication?.password.reveal(), 'hunter2');
  assert.not.match(JSON.stringify(config), /hunter2/);
});

test.run();
