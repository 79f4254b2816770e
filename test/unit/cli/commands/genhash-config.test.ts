import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { checkers } from '../../../../checks/index.ts';
import { printConfigDigests } from '../../../../src/cli/commands/genhash-config.ts';
import { loadConfig, loadTree } from '../../../../src/config/load.ts';
import { systemClock } from '../../../../src/sys/clock.ts';
import { editFile } from '../../../../src/sys/edit-file.ts';
import { httpClient } from '../../../../src/sys/http-client.ts';
import { patterns } from '../../../../src/sys/patterns.ts';
import { sockets } from '../../../../src/sys/sockets.ts';
import { type FaultServer, startFaultServer } from '../../../../testing/fault-server.ts';
import { suite } from '../../../support/suite.ts';
import { createFakeIo, type FakeIo } from '../fake-io.ts';

const test = suite('cli/commands/genhash-config');
const hello = '5d41402abc4b2a76b9719d911017c592';
const world = '7d793037a0760186574b0282f2f435e7';
let directory = '';
let servers: FaultServer[] = [];
test.beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'genhash-config-'));
});
test.afterEach(async () => {
  rmSync(directory, { recursive: true });
  await Promise.all(servers.map(server => server.close()));
  servers = [];
});

/** A web server with these pages; what is no page is 404. */
async function serve(pages: Readonly<Record<string, string>>, host = '127.0.0.1', tls = false): Promise<FaultServer> {
  const server = await startFaultServer(
    socket => {
      let request = '';
      socket.on('data', bytes => {
        request += bytes;
        if (!request.endsWith('\r\n\r\n')) return;
        const body = pages[request.split(' ')[1] ?? ''];
        socket.end(body === undefined ? 'HTTP/1.0 404 No\r\n\r\nno such page' : `HTTP/1.0 200 OK\r\n\r\n${body}`);
      });
    },
    tls,
    host,
  );
  servers.push(server);
  return server;
}

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}
const read = (path: string): string => readFileSync(path, 'utf8');
const virtualServer = (realServers: string): string =>
  `virtual_server 192.0.2.10 80 {\n  lb_kind NAT\n  protocol TCP\n${realServers}\n}\n`;
const realServer = (port: number, urls: string, host = '127.0.0.1', checker = 'HTTP_GET'): string =>
  `  real_server ${host} ${port} {\n    ${checker} {\n${urls}\n    }\n  }`;
const url = (path: string, more = ''): string => `      url {\n        path ${path}\n${more}      }`;

interface Changes {
  readonly write?: boolean;
  readonly lenient?: boolean;
  readonly io?: FakeIo;
  readonly edit?: typeof editFile;
}

async function run(file: string, { write = false, lenient = false, io, edit = editFile }: Changes = {}) {
  const own = io ?? createFakeIo({ clock: systemClock });
  const reading = { checkers, hostName: 'lb1', patterns };
  const exit = await printConfigDigests({ file, configId: 'checkalived', lenient, write }, own, {
    load: async (path, configId) => loadConfig(path, { ...reading, configId }),
    loadTree: async (path, configId) => loadTree(path, { ...reading, configId }),
    sockets,
    http: httpClient,
    editFile: edit,
  });
  const strip = (text: string): string => text.replaceAll(`${directory}/`, '');
  return { exit, stdout: strip(own.stdout.text), stderr: strip(own.stderr.text) };
}

test('every url has its digest line, with where it belongs and how it compares', async () => {
  const { port } = await serve({ '/a': 'hello', '/b': 'hello', '/c': 'hello' });
  const urls = [
    url('/a'),
    url('/b', `        digest ${hello.toUpperCase()}\n`),
    url('/c', `        digest ${world}\n`),
  ];
  const file = write('a.conf', virtualServer(realServer(port, urls.join('\n'))));
  const before = read(file);
  const title = `tcp/192.0.2.10:80 127.0.0.1:${port} HTTP_GET`;
  assert.equal(await run(file), {
    exit: 0,
    stdout: [
      `a.conf:7: ${title} /a: not in the configuration yet`,
      `    digest ${hello}`,
      `a.conf:11: ${title} /b: as in the configuration`,
      `    digest ${hello}`,
      `a.conf:15: ${title} /c: differs from ${world} in the configuration`,
      `    digest ${hello}`,
      '',
    ].join('\n'),
    stderr: '',
  });
  assert.is(read(file), before);
});

test('what is sent is what the check sends', async () => {
  const server = await serve({ '/a?k=1': 'hello' });
  const settings = `connect_ip 127.0.0.1\nconnect_port ${server.port}\nbindto 127.0.0.7\nhttp_protocol 1.1\n`;
  const text = virtualServer(
    realServer(9, `${settings}${url('/a?k=1', 'virtualhost www.example.org\n')}`, '192.0.2.1'),
  );
  const { exit, stdout } = await run(write('a.conf', text));
  assert.is(exit, 0);
  assert.is(
    server.received(),
    'GET /a?k=1 HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: www.example.org\r\n\r\n'.repeat(
      2,
    ),
  );
  assert.match(stdout, ' /a?...: ');
  assert.not.match(stdout, 'k=1');
});

test('SSL_GET goes over TLS', async () => {
  const { port } = await serve({ '/': 'hello' }, '127.0.0.1', true);
  const { exit, stdout } = await run(
    write('a.conf', virtualServer(realServer(port, url('/'), '127.0.0.1', 'SSL_GET'))),
  );
  assert.is(exit, 0);
  assert.match(stdout, `SSL_GET /: not in the configuration yet\n    digest ${hello}\n`);
});

test('--write puts the digests into the files, and the next run has nothing to say', async () => {
  const { port } = await serve({ '/a': 'hello' });
  const other = await serve({ '/b': 'world' });
  const included = write('b.conf', realServer(other.port, url('/b', `\tdigest ${hello} # by hand\n`)));
  const text = virtualServer(`  include b.conf\n${realServer(port, url('/a'))}`);
  const file = write('a.conf', text.replaceAll('\n', '\r\n'));
  const [a, b] = [read(file), read(included)];
  const { exit, stdout, stderr } = await run(file, { write: true });
  assert.equal([exit, stderr], [0, '']);
  assert.match(stdout, 'b.conf: 1 digest written\na.conf: 1 digest written\n');
  assert.is(read(file), a.replace('path /a\r\n', `path /a\r\n        digest ${hello}\r\n`));
  assert.is(read(included), b.replace(hello, world));
  const again = await run(file, { write: true });
  assert.is(again.exit, 0);
  assert.not.match(again.stdout, 'written');
  assert.is(again.stdout.split(': as in the configuration\n').length, 3);
  assert.equal(readdirSync(directory).sort(), ['a.conf', 'b.conf']);
});

test('what could not be fetched is told, and not written; the rest is', async () => {
  const { port } = await serve({ '/a': 'hello' });
  const urls = [url('/a'), url('/none', `        digest ${world}\n`)].join('\n');
  const file = write('a.conf', virtualServer(realServer(port, urls)));
  const before = read(file);
  const { exit, stderr } = await run(file, { write: true });
  assert.is(exit, 1);
  assert.is(
    stderr,
    `genhash: a.conf:11: tcp/192.0.2.10:80 127.0.0.1:${port} HTTP_GET /none: status 404, expected 200-299\n` +
      'genhash: a.conf:11: not written: not everything that it is for could be fetched\n',
  );
  assert.is(read(file), before.replace('path /a\n', `path /a\n        digest ${hello}\n`));
});

test('a page that changes from one request to the next has no digest', async () => {
  let count = 0;
  const counter = await startFaultServer(socket => void socket.end(`HTTP/1.0 200 OK\r\n\r\n${count++}`));
  servers.push(counter);
  const file = write('a.conf', virtualServer(realServer(counter.port, url('/'))));
  const before = read(file);
  const { exit, stdout, stderr } = await run(file, { write: true });
  assert.equal([exit, stdout, read(file)], [1, '', before]);
  assert.match(stderr, ' /: its body changes from one request to the next, so that no digest suits it; ');
});

test('real servers that disagree are named, and each gets its own', async () => {
  const one = await serve({ '/': 'hello' });
  const other = await serve({ '/': 'world' });
  const twin = await serve({ '/': 'hello' });
  const ports = [one.port, other.port, twin.port];
  const file = write('a.conf', virtualServer(ports.map(port => realServer(port, url('/'))).join('\n')));
  const { exit, stderr } = await run(file, { write: true });
  assert.is(exit, 0);
  assert.is(
    stderr,
    `genhash: tcp/192.0.2.10:80: its real servers disagree on /: 127.0.0.1:${one.port} 127.0.0.1:${twin.port} have ${hello}, 127.0.0.1:${other.port} has ${world}; a digest suits a page that is the same everywhere and always\n`,
  );
  assert.equal(read(file).match(/digest \w+/g), [`digest ${hello}`, `digest ${world}`, `digest ${hello}`]);
});

test('a line that several real servers share is written once if they agree, and not at all if they do not', async () => {
  const one = await serve({ '/': 'hello' });
  const twin = await serve({ '/': 'hello' });
  const other = await serve({ '/': 'world' });
  const shared = write('url.conf', 'url {\n path /\n}\n');
  const share = (ports: readonly number[]): string =>
    write('a.conf', virtualServer(ports.map(port => realServer(port, 'include url.conf')).join('\n')));
  const disagreeing = await run(share([one.port, other.port]), { write: true });
  assert.is(disagreeing.exit, 1);
  assert.match(disagreeing.stderr, 'url.conf:2: not written: it is for several urls whose digests differ');
  assert.is(read(shared), 'url {\n path /\n}\n');
  const agreeing = await run(share([one.port, twin.port]), { write: true });
  assert.equal([agreeing.exit, agreeing.stderr], [0, '']);
  assert.is(read(shared), `url {\n path /\n digest ${hello}\n}\n`);
});

test('a block that cannot be edited safely is told and not touched', async () => {
  const { port } = await serve({ '/': 'hello' });
  const file = write('a.conf', virtualServer(realServer(port, 'url { path / }')));
  const before = read(file);
  const { exit, stdout, stderr } = await run(file, { write: true });
  assert.equal([exit, read(file)], [1, before]);
  assert.match(stdout, `    digest ${hello}\n`);
  assert.match(stderr, /^genhash: a\.conf:6: not written: it is not alone on its line, .* by hand\n$/);
});

test('a file that was changed meanwhile is not written', async () => {
  const { port } = await serve({ '/': 'hello' });
  const file = write('a.conf', virtualServer(realServer(port, url('/'))));
  const { exit, stderr } = await run(file, {
    write: true,
    edit: (path, edit) => {
      writeFileSync(path, `# mine\n${read(path)}`);
      return editFile(path, edit);
    },
  });
  assert.is(exit, 1);
  assert.is(stderr, 'genhash: a.conf: not written: it was changed meanwhile; start again\n');
  assert.match(read(file), /^# mine\nvirtual_server/);
  assert.not.match(read(file), 'digest');
});

test('Ctrl-C writes nothing', async () => {
  const hung = await startFaultServer(() => {});
  servers.push(hung);
  const quick = await serve({ '/': 'hello' });
  const file = write(
    'a.conf',
    virtualServer(`${realServer(quick.port, url('/'))}\n${realServer(hung.port, url('/'))}`),
  );
  const before = read(file);
  const io = createFakeIo({ clock: systemClock });
  const done = run(file, { write: true, io });
  await hung.heard(text => text.endsWith('\r\n\r\n'));
  io.send('SIGINT');
  assert.equal(await done, { exit: 1, stdout: '', stderr: 'genhash: interrupted; nothing was written\n' });
  assert.equal([read(file), readdirSync(directory), io.listeners()], [before, ['a.conf'], 0]);
});

test('on a terminal a bar shows how far it is', async () => {
  const { port } = await serve({ '/': 'hello' });
  const io = createFakeIo({ clock: systemClock, terminal: true });
  const { stderr } = await run(write('a.conf', virtualServer(realServer(port, url('/')))), { io });
  assert.ok(stderr.endsWith('] 1 of 1 check done\r\u001b[K'));
});

test('a configuration with errors, without urls, or that is not there, ends with 1', async () => {
  const { port } = await serve({ '/': 'hello' });
  const faulty = write('a.conf', virtualServer(`${realServer(port, url('/'))}\n${realServer(port + 1, 'url {\n}')}`));
  const refused = await run(faulty);
  assert.equal([refused.exit, refused.stdout], [1, '']);
  assert.match(refused.stderr, '--lenient');
  const lenient = await run(faulty, { lenient: true });
  assert.is(lenient.exit, 0);
  assert.match(lenient.stdout, `digest ${hello}`);
  const empty = await run(write('b.conf', virtualServer('')));
  assert.equal([empty.exit, empty.stdout], [1, '']);
  assert.match(empty.stderr, 'genhash: b.conf has no HTTP_GET or SSL_GET, so there is no url to fetch\n');
  assert.match((await run(join(directory, 'none.conf'))).stderr, 'none.conf cannot be read');
});

test.run();
