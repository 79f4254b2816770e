import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { type Chroot, createChroot } from './chroot.ts';

const test = suite('deb');
const repository = resolve(import.meta.dirname, '../..');
const version = JSON.parse(execFileSync('cat', [join(repository, 'package.json')], { encoding: 'utf8' })).version;

let chroot: Chroot;
let before: readonly string[] = [];

test.before(() => {
  const packages = readdirSync(join(repository, 'dist-deb')).filter(file => file.startsWith(`checkalived_${version}_`));
  assert.is(packages.length, 1, 'npm run deb makes it');
  chroot = createChroot('kmod', 'procps', 'systemd');
  before = chroot.files();
  copyFileSync(join(repository, 'dist-deb', packages[0] as string), join(chroot.root, 'tmp/checkalived.deb'));
});
test.after(() => chroot?.remove());

test('it installs, and neither enables nor starts anything', () => {
  const said = chroot.run('dpkg', '-i', '/tmp/checkalived.deb');
  assert.match(said, /checkalived run --dry-run/);
  assert.match(chroot.run('dpkg', '-s', 'checkalived'), /^Status: install ok installed$/m);
  assert.not(existsSync(join(chroot.root, 'etc/systemd/system/multi-user.target.wants/checkalived.service')));
});

test('the commands run on the node that it brings', () => {
  assert.is(chroot.run('checkalived', '--version'), `${version}\n`);
  assert.match(chroot.run('checkalived-genhash', '--help'), /genhash/);
  assert.not(existsSync(join(chroot.root, 'usr/bin/node')));
});

test('dashboards and alert rules are written from it', () => {
  for (const [command, file, count] of [
    ['dashboards', 'json/overview.json', 8],
    ['rules', 'rules/checkalived.rules.yml', 2],
  ] as const) {
    const directory = `/tmp/${command}`;
    const said = chroot.run('checkalived', command, directory).trim().split('\n');
    assert.ok(said.includes(`${directory}/${file}: written`), said.join('\n'));
    assert.ok(said.length >= count, said.join('\n'));
    chroot.run('rm', '-r', directory);
  }
});

test('nothing of it can be changed by others, and all of it be read', () => {
  const listed = chroot.run('sh', '-c', "dpkg -L checkalived | xargs -d '\\n' stat -c '%A %U %n'").trim().split('\n');
  assert.ok(listed.length > 1_000);
  assert.equal(
    listed.filter(line => !/^[-dl]rw[-x]r-[-x]r-[-x] root |^l/.test(line)),
    [],
  );
});

test('the unit says nothing that systemd does not know', () => {
  const unit = join(chroot.root, 'lib/systemd/system/checkalived.service');
  const said = execFileSync('systemd-analyze', ['verify', '--man=no', `--root=${chroot.root}`, unit], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  assert.is(said, '');
  // 0 is a service that may do nothing, 10 one that may do everything; keepalived's own is above 9. In tenths.
  execFileSync('systemd-analyze', ['security', '--no-pager', '--offline=true', '--threshold=40', unit], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
});

test('an agent of it checks, answers and stops, with no more rights than the unit leaves it', async () => {
  writeFileSync(
    join(chroot.root, 'tmp/keepalived.conf'),
    `virtual_server 192.0.2.10 80 {
      protocol TCP
      delay_loop 1
      real_server 127.0.0.1 1 {
        MISC_CHECK {
          misc_path "/bin/true"
          user nobody
        }
      }
    }
    `,
  );
  const kept = /^CapabilityBoundingSet=(.*)$/m.exec(chroot.run('cat', '/lib/systemd/system/checkalived.service'))?.[1];
  const bounds = ['-all', ...(kept ?? '').split(' ').map(name => `+${name.replace('CAP_', '').toLowerCase()}`)].join(
    ',',
  );
  const options = ['-f', '/tmp/keepalived.conf', '--ipvs', 'memory', '--listen', '127.0.0.1:0', '--log-format', 'text'];
  const agent = chroot.start('setpriv', `--bounding-set=${bounds}`, '--no-new-privs', 'checkalived', 'run', ...options);
  let said = '';
  for await (const line of createInterface({ input: agent.output })) {
    said += `${line}\n`;
    const port = /the API is on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    while ((await ask(port, '/readyz')).status !== 200);
    assert.is((await ask(port, '/healthz')).status, 200);
    const { virtualServers } = JSON.parse((await ask(port, '/api/v1/status')).text);
    assert.is(virtualServers[0].realServers[0].state, 'up', JSON.stringify(virtualServers));
    agent.stop();
  }
  assert.match(said, /stopped/);
  assert.is(await agent.ended, 0, said);
  assert.ok(existsSync(join(chroot.root, 'var/lib/checkalived/checkalived.db')));
});

test('purged, it leaves nothing', () => {
  chroot.run('dpkg', '--purge', 'checkalived');
  const ours = new Set(['./tmp/checkalived.deb', './tmp/keepalived.conf']);
  assert.equal(
    chroot.files().filter(path => !ours.has(path)),
    before,
  );
});

function ask(port: string, path: string): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    }).on('error', reject);
  });
}

if (process.geteuid?.() !== 0) throw new Error('a chroot needs root');
test.run();
