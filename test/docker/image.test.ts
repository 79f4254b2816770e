import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { ImageBuilder } from './image-builder.ts';

const test = suite('image');
const repository = resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(resolve(repository, 'package.json'), 'utf8')) as { version: string };
const image = 'localhost/checkalived:test';

if (process.geteuid?.() !== 0) throw new Error('a base image is made by debootstrap, which needs root');
const builder = new ImageBuilder();
let container = '';

test.before(() => {
  builder.makeNodeImage('localhost/node:test');
  const place = ['--isolation', 'chroot', '--network', 'host'];
  // An image in OCI's format, which is buildah's own choice, has no health check.
  const options = [...place, '--format', 'docker', '--build-arg', 'NODE_IMAGE=localhost/node:test'];
  builder.buildah('bud', ...options, '-f', 'docker/Dockerfile', '-t', image, repository);
  container = builder.buildah('from', image).trim();
});
test.after(() => builder.remove());

const run = (...words: readonly string[]): string =>
  builder.buildah('run', '--isolation', 'chroot', '--network', 'host', container, '--', ...words);

test('it runs as nobody special, and carries no compiler and no sources', () => {
  assert.is(run('id', '-un').trim(), 'checkalived');
  assert.is(run('checkalived', '--version').trim(), version);
  assert.is(run('sh', '-c', 'command -v gcc make python3 || echo none').trim(), 'none');
  assert.is(
    run('sh', '-c', 'ls /opt/checkalived').trim().split('\n').join(' '),
    'LICENSE alerts bin dashboards dist node_modules package.json',
  );
  assert.match(run('sh', '-c', 'command -v ipvsadm'), /ipvsadm/);
});

test('dashboards and alert rules are written from it, without their sources', () => {
  assert.match(run('checkalived', 'dashboards', '/tmp/dashboards'), '/tmp/dashboards/json/overview.json: written\n');
  assert.match(run('checkalived', 'rules', '/tmp/alerts'), '/tmp/alerts/rules/checkalived.rules.yml: written\n');
  assert.is(run('sh', '-c', "find /opt/checkalived/alerts /opt/checkalived/dashboards -name '*.ts'"), '');
});

test('ipvsadm alone may change the network', () => {
  assert.match(run('/sbin/getcap', '-r', '/usr/sbin', '/usr/local/bin'), /^\S*ipvsadm cap_net_admin=ep\n$/);
});

test('the demo of the compose file starts in it, passes its own health check, and stops', () => {
  const { HealthcheckTest, Entrypoint } = describe();
  assert.equal(Entrypoint, ['checkalived']);
  const [kind, ...probe] = HealthcheckTest;
  assert.is(kind, 'CMD');
  // The namespace of the network is the container's own, so that its port is free.
  const script = `checkalived demo --listen 0.0.0.0:9650 --state-dir /var/lib/checkalived & agent=$!
    until "$@"; do kill -0 $agent || exit 1; done
    kill $agent; wait $agent; echo "ended $?"`;
  assert.match(runAlone('sh', '-c', script, 'sh', ...probe), /ended 0\n$/);
});

test('the health check fails where no agent answers', () => {
  const [, ...probe] = describe().HealthcheckTest;
  assert.match(runAlone('sh', '-c', '"$@"; echo "ended $?"', 'sh', ...probe), /ended 1\n$/);
});

interface Description {
  readonly Entrypoint: readonly string[];
  readonly HealthcheckTest: readonly string[];
}

function describe(): Description {
  const { config } = JSON.parse(builder.buildah('inspect', '--type', 'image', image)).Docker as {
    config: { Entrypoint: string[]; Healthcheck: { Test: string[] } };
  };
  return { Entrypoint: config.Entrypoint, HealthcheckTest: config.Healthcheck.Test };
}

/** In a network of its own, with nothing but loopback. */
function runAlone(...words: readonly string[]): string {
  const options = ['run', '--isolation', 'chroot', '--network', 'host', container, '--'];
  return execFileSync(
    'unshare',
    ['--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...builder.command(...options, ...words)],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
}

test.run();
