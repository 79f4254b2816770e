import * as assert from 'uvu/assert';
import { rsId, vsId } from '../../../src/model/ids.ts';
import { trackDirectory, trackFileNames } from '../../../src/model/track-file.ts';
import { suite } from '../../support/suite.ts';

const test = suite('model/track-file');
const named = (virtual: string, real = '10.0.0.2:80') => trackFileNames(vsId(virtual), rsId(real)).state;

test('a name says which real server of which virtual server it is', () => {
  assert.equal(trackFileNames(vsId('tcp/10.0.0.1:80'), rsId('10.0.0.2:80')), {
    state: 'tcp_10.0.0.1:80_10.0.0.2:80',
    weight: 'tcp_10.0.0.1:80_10.0.0.2:80.weight',
  });
  assert.is(named('udp/[2001:db8::1]:53', '[2001:db8::2]:53'), 'udp_[2001:db8::1]:53_[2001:db8::2]:53');
  assert.is(named('fwmark/7'), 'fwmark_7_10.0.0.2:80');
  assert.is(named('fwmark/7/inet6', '[fe80::2]:0'), 'fwmark_7_inet6_[fe80::2]:0');
  assert.is(named('group/web_1:0'), 'group_web_1:0_10.0.0.2:80');
});

test('whatever the name of a group holds, it stays one word of one file, and another than any other', () => {
  const odd = ['a/b', 'a_b', '../x', '{', "it's", 'a!b', '#', '"', '$x', '~', '*', 'é', '%2F', '@a'];
  const names = odd.map(group => named(`group/${group}:0`));
  for (const name of names) assert.match(name, /^[\w.:%-]+$/);
  assert.is(new Set(names).size, odd.length, names.join(' '));
});

test('the files are below the state directory unless track_dir says otherwise', () => {
  assert.is(trackDirectory({ stateDir: '/var/lib/checkalived', trackDir: null }), '/var/lib/checkalived/trackfiles');
  assert.is(trackDirectory({ stateDir: '/var/lib/checkalived', trackDir: '/run/values' }), '/run/values');
});

test.run();
