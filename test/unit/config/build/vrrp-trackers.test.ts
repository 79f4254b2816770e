import * as assert from 'uvu/assert';
import { suite } from '../../../support/suite.ts';
import { readText } from '../read-text.ts';
import { codesOf, instance, readClean } from './vrrp-texts.ts';

const test = suite('config/vrrp trackers');
const script = (lines = '') => `vrrp_script s {\nscript "</etc/motd"\n${lines}\n}\n`;
const file = (lines = '') => `track_file f {\nfile /run/f\n${lines}\n}\n`;
const process = (lines = '') => `vrrp_track_process p {\nprocess sshd -D\n${lines}\n}\n`;
const bfd = (lines = '', name = 'b') => `bfd_instance ${name} {\nneighbor_ip 10.0.0.2\n${lines}\n}\n`;
const group = (lines: string, name = 'G') => `vrrp_sync_group ${name} {\n${lines}\n}\n`;
const two = (lines = '') => instance(lines, { name: 'A' }) + instance(lines, { name: 'B', id: 6 });

test('trackers are read with their values', () => {
  const text =
    script('interval 2\nweight -5 reverse') + file('init_file 3 overwrite') + process('quorum 2') + bfd('min_rx 50');
  const { vrrp, trackFiles, bfdInstances } = readClean(text);
  const [check] = vrrp.scripts;
  assert.equal([check?.interval, check?.timeout, check?.weight], [2000, 2000, { weight: -5, reverse: true }]);
  assert.equal([trackFiles[0]?.path, trackFiles[0]?.init], ['/run/f', { value: 3, overwrite: true }]);
  const [sshd] = vrrp.trackProcesses;
  assert.equal([sshd?.process, sshd?.arguments, sshd?.match, sshd?.quorum], ['sshd', ['-D'], 'exact', 2]);
  const [session] = bfdInstances;
  assert.equal([session?.neighbor, session?.minRx, session?.tells], ['10.0.0.2', 50, ['vrrp', 'checker']]);
});
test('an instance keeps what it tracks, with the weight of the line or none', () => {
  const text = script() + file() + instance('track_script {\ns weight 5 reverse\n}\ntrack_file {\nf\n}');
  const [{ tracking } = { tracking: null }] = readClean(text).vrrp.instances;
  assert.equal(
    [...(tracking?.scripts ?? []), ...(tracking?.files ?? [])].map(({ name, weight, reverse }) => [
      name,
      weight,
      reverse,
    ]),
    [
      ['s', 5, true],
      ['f', null, null],
    ],
  );
});
test('a tracker must stand above who tracks it', () => {
  assert.equal(codesOf(file() + instance('track_file {\nf\n}')), []);
  assert.equal(codesOf(instance('track_file {\nf\n}') + file()), ['unknown-name']);
});
test('a bfd_instance for checkers alone is none for instances', () => {
  assert.equal(codesOf(bfd('checker') + instance('track_bfd {\nb\n}')), ['unknown-name']);
});
test('a tracker without what it needs is left out', () => {
  assert.equal(codesOf('vrrp_script s {\n}\ntrack_file f {\n}\nvrrp_track_process p {\n}\nbfd_instance b {\n}\n'), [
    'missing-keyword',
    'missing-keyword',
    'missing-keyword',
    'missing-keyword',
  ]);
  assert.equal(codesOf('vrrp_script {\nscript x\n}\n'), ['missing-argument']);
});
test('vrrp_track_file is an old name that keepalived takes without a complaint', () => {
  assert.equal(codesOf('vrrp_track_file f {\nfile /x\n}\n'), ['-deprecated-keyword']);
});

const faults: readonly (readonly [what: string, text: string, codes: readonly string[]])[] = [
  ['a weight of 254 for a script', script('weight 254'), ['out-of-range']],
  ['a weight of 254 for a file', file('weight 254'), []],
  ['a large weight for a file, which newer ones take', file('weight 1000'), ['newer-value']],
  ['a second weight behind one that is set', file('weight 2\nweight 3'), ['repeated-keyword']],
  ['a second weight behind that of no weight', file('weight 1\nweight 3'), []],
  ['half seconds for a script, which newer ones take', script('interval 2.5'), ['newer-value']],
  ['an interval of 0', script('interval 0'), ['out-of-range']],
  ['a weight with a wrong word', script('weight 5 noreverse'), ['bad-value']],
  ['init_file with a word', file('init_file maybe'), ['bad-value']],
  ['a quorum above quorum_max', process('quorum 5\nquorum_max 4'), ['conflicting-keywords']],
  ['a file without its path', 'track_file f {\nfile\n}\n', ['missing-argument', 'missing-keyword']],
  ['bfd of two families', bfd('source_ip fe80::1'), ['family-mismatch']],
  ['bfd with more hops than ttl', bfd('ttl 5\nmax_hops 6'), ['conflicting-keywords']],
  ['two bfd_instances of one neighbour', bfd() + bfd('', 'c'), ['conflicting-keywords']],
  ['two bfd_instances of one name', bfd() + bfd(), ['repeated-name']],
  ['a long name for bfd', bfd('', 'n'.repeat(32)), ['bad-value']],
  ['bfd times below their range', bfd('min_rx 0.5\nidle_tx 999'), ['out-of-range', 'out-of-range']],
  ['a group of two', group('group {\nA\nB\n}') + two(), []],
  ['a group of one', group('group {\nA\n}') + two(), ['sync-group-members']],
  ['a group of nobody', group('') + two(), ['sync-group-members']],
  ['an unknown member', group('group {\nA B C\n}') + two(), ['unknown-name']],
  [
    'a member of two groups',
    group('group {\nA B\n}') + group('group {\nA B\n}', 'H') + two(),
    ['repeated-entry', 'repeated-entry'],
  ],
  [
    'an old name of sync_group_tracking_weight',
    group('group {\nA B\n}\nglobal_tracking') + two(),
    ['deprecated-keyword'],
  ],
  [
    'an owner and a backup',
    group('group {\nA B\n}') +
      instance('state MASTER\npriority 255', { name: 'A' }) +
      instance('state BACKUP', { name: 'B', id: 6 }),
    ['sync-group-members'],
  ],
  [
    'a weight of a member of a group',
    file() + group('group {\nA B\n}') + two('track_file {\nf\n}'),
    ['ignored-weight', 'ignored-weight'],
  ],
  [
    'a weight of a member of a group that keeps them',
    file() + group('group {\nA B\n}\nsync_group_tracking_weight') + two('track_file {\nf\n}'),
    [],
  ],
  ['a weight of an owner', file() + instance('priority 255\ntrack_file {\nf weight 3\n}'), ['ignored-weight']],
  ['no weight of an owner', file() + instance('priority 255\ntrack_file {\nf weight 0\n}'), []],
  [
    'a weight of a group with an owner',
    process('weight 4') + group('group {\nA B\n}\ntrack_process {\np\n}') + two('priority 255'),
    ['ignored-weight'],
  ],
];
for (const [what, text, codes] of faults) {
  test(`${what}: ${codes.join(', ') || 'nothing is wrong'}`, () => {
    assert.equal(codesOf(text), codes);
  });
}
test('scripts of VRRP are looked at only beside an instance', () => {
  const text = 'vrrp_script s {\nscript killall\n}\n';
  assert.equal(codesOf(text), []);
  assert.equal(codesOf(text + instance()), ['script-security']);
  assert.equal(codesOf(`vrrp_script s {\nscript /no/such\n}\n${instance()}`), ['track-script-not-found']);
  assert.equal(codesOf(instance('notify_master /no/such')), ['-script-not-found']);
});
test('notify_deleted goes without a command', () => {
  assert.equal(codesOf(instance('notify_deleted')), []);
  assert.equal(codesOf(instance('notify_master')), ['missing-argument']);
});
test('the members of a group are those that exist', () => {
  const { config } = readText(group('group {\nA\nB C\n}') + two());
  assert.equal(config.vrrp.syncGroups[0]?.members, ['A', 'B']);
});

test.run();
