import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import * as assert from 'uvu/assert';
import { createSmtpTransport, type SmtpOptions, smtpOptionsOf } from '../../../alerts/smtp.ts';
import type { Mail } from '../../../src/model/mail.ts';
import { secret } from '../../../src/model/secret.ts';
import { suite } from '../../support/suite.ts';
import { makeConfig, start } from '../delivery/support.ts';

const test = suite('alerts smtp');
const mail: Mail = {
  id: 'n1',
  time: start,
  subject: '[lvs1] Realserver [10.0.0.2]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - DOWN',
  body: '=> TCP CHECK failed on service <=\n',
};
const closers: (() => Promise<void>)[] = [];
test.afterEach(async () => {
  await Promise.all(closers.splice(0).map(close => close()));
});

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly heloName: string;
  readonly secure: boolean;
  readonly user: string;
  readonly text: string;
}

/** A real SMTP server on a free port of loopback, without STARTTLS and AUTH unless asked for. */
async function listen(
  options: SMTPServerOptions = {},
): Promise<{ readonly port: number; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(to => to.address),
          heloName: session.hostNameAppearsAs ?? '',
          secure: session.secure,
          user: String(session.user ?? ''),
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
    ...options,
  });
  // A peer that breaks off is what some of these tests do.
  server.on('error', () => {});
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  closers.push(() => new Promise(resolve => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, received };
}

/** A server that says the lines of the script, one for each that it reads. */
async function listenRaw(answers: readonly string[]): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer(socket => {
    sockets.add(socket);
    let next = 0;
    const answer = (): void => {
      const line = answers[next++];
      if (line !== undefined) socket.write(`${line}\r\n`);
    };
    socket.on('data', answer);
    socket.on('error', () => {});
    answer();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  closers.push(
    () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return (server.address() as AddressInfo).port;
}

function optionsFor(port: number, more: Partial<SmtpOptions> = {}): SmtpOptions {
  const options = smtpOptionsOf(makeConfig({}, { smtpServer: { host: '127.0.0.1', port } }));
  if (!options) throw new Error('the configuration has a mail server');
  return { ...options, ...more };
}
const send = (options: SmtpOptions, which = mail, signal = new AbortController().signal) =>
  createSmtpTransport(options).send(which, signal);

/** A key and a certificate for localhost that nobody but this test trusts. */
function makeCertificate(): { readonly key: string; readonly cert: string } {
  const directory = mkdtempSync(join(tmpdir(), 'checkalived-smtp-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const request = ['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-days', '2'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const files = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(directory, { recursive: true });
  return files;
}

test('a mail arrives with the headers of keepalived, the subject byte for byte on one line', async () => {
  const { port, received } = await listen();
  const long = {
    ...mail,
    subject: `[lvs1] Realserver [${'2001:db8:'.repeat(12)}]:tcp:80 of virtual server ${'x'.repeat(100)} - DOWN`,
  };
  const result = await send(optionsFor(port, { to: ['a@example.com', 'Ops <b@example.com>'] }), long);
  assert.is(result.kind, 'delivered');
  const [one] = received;
  assert.equal(
    [one?.from, one?.to, one?.heloName],
    ['keepalived@lvs1.example.com', ['a@example.com', 'b@example.com'], 'lvs1.example.com'],
  );
  const [head = '', body] = (one?.text ?? '').split('\r\n\r\n');
  const [date = '', ...headers] = head.split('\r\n');
  assert.equal(headers, [
    'From: keepalived@lvs1.example.com',
    `Subject: ${long.subject}`,
    'X-Mailer: Checkalived',
    'To: a@example.com,',
    ' Ops <b@example.com>',
    'Message-ID: <n1@lvs1.example.com>',
    'Auto-Submitted: auto-generated',
  ]);
  assert.match(date, /^Date: (Wed|Thu), \d\d (Dec|Jan) 202[56] \d\d:\d\d:00 [+-]\d{4}$/);
  assert.is(Date.parse(date.slice(6)), start);
  assert.is(body, '=> TCP CHECK failed on service <=\r\n');
});

test('a name that is not ASCII arrives as UTF-8, and lines with a dot stay as they are', async () => {
  const { port, received } = await listen();
  await send(optionsFor(port), {
    ...mail,
    subject: '[Köln] Virtualserver [1.2.3.4]:tcp:80 - UP',
    body: '.hidden\nb\n',
  });
  assert.ok(received[0]?.text.includes('\r\nSubject: [Köln] Virtualserver [1.2.3.4]:tcp:80 - UP\r\n'));
  assert.ok(received[0]?.text.includes('Content-Type: text/plain; charset=utf-8'));
  assert.ok(received[0]?.text.endsWith('\r\n\r\n.hidden\r\nb\r\n'));
});

test('a subject cannot begin another header', async () => {
  const { port, received } = await listen();
  await send(optionsFor(port), { ...mail, subject: 'a\r\nBcc: evil@example.com\n\nb' });
  assert.ok(received[0]?.text.includes('\r\nSubject: a Bcc: evil@example.com b\r\n'));
});

test('smtp_tls off does not use STARTTLS though the server offers it', async () => {
  const { port, received } = await listen({ disabledCommands: ['AUTH'] });
  assert.is((await send(optionsFor(port))).kind, 'delivered');
  assert.is(received[0]?.secure, false);
});

test('smtp_tls starttls sends nothing to a server that has none', async () => {
  const { port, received } = await listen();
  const refused = await send(optionsFor(port, { tls: 'starttls' }));
  assert.equal([refused.kind, refused.kind === 'failed' && refused.retry], ['failed', 'server']);
  assert.is(received.length, 0);
});

for (const tls of ['starttls', 'tls'] as const) {
  test(`smtp_tls ${tls} with AUTH delivers over a connection that is encrypted and verified`, async () => {
    const certificate = makeCertificate();
    const { port, received } = await listen({
      ...certificate,
      disabledCommands: [],
      secure: tls === 'tls',
      onAuth: ({ username, password }, _, done) =>
        password === 'right' ? done(null, { user: username }) : done(new Error('wrong')),
    });
    const login = { user: 'ops', password: secret('right') };
    const options = optionsFor(port, { host: 'localhost', tls, login, authorities: certificate.cert });
    assert.is((await send(options)).kind, 'delivered');
    assert.equal([received[0]?.secure, received[0]?.user], [true, 'ops']);
    const untrusted = await send({ ...options, authorities: null });
    assert.equal([untrusted.kind, untrusted.kind === 'failed' && untrusted.retry], ['failed', 'server']);
    assert.match(untrusted.detail, /certificate/);
  });
}

test('an AUTH that fails keeps the mail for later, and no password is in the text', async () => {
  const password = 'h0rse battery';
  const echo = Buffer.from(`\0ops\0${password}`).toString('base64');
  const { port } = await listen({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (auth, _, done) => done(new Error(`bad password ${auth.password ?? ''} (${echo})`)),
  });
  const result = await send(optionsFor(port, { login: { user: 'ops', password: secret(password) } }));
  assert.equal([result.kind, result.kind === 'failed' && result.retry], ['failed', 'server']);
  assert.match(result.detail, /bad password <secret> \(<secret>\)/);
});

test('AUTH that the server does not offer is said so', async () => {
  const { port, received } = await listen();
  const result = await send(optionsFor(port, { login: { user: 'ops', password: secret('x') } }));
  assert.match(result.detail, /does not offer AUTH/);
  assert.is(received.length, 0);
});

test('a recipient that is refused for good, for now, or in part', async () => {
  const { port, received } = await listen({
    onRcptTo: ({ address }, _, done) => {
      const code = Number(/^(\d+)/.exec(address)?.[1] ?? 250);
      done(code === 250 ? null : Object.assign(new Error('not here'), { responseCode: code }));
    },
  });
  const retryFor = async (...to: string[]) => {
    const result = await send(optionsFor(port, { to }));
    return result.kind === 'failed' ? result.retry : result.detail;
  };
  assert.is(await retryFor('550@example.com'), 'never');
  assert.is(await retryFor('450@example.com'), 'message');
  assert.match(await retryFor('550@example.com', 'ok@example.com'), /^250 .*550 not here/);
  assert.equal(
    received.map(one => one.to),
    [['ok@example.com']],
  );
});

test('nobody listens', async () => {
  const { port } = await listen();
  await Promise.all(closers.splice(0).map(close => close()));
  const result = await send(optionsFor(port));
  assert.equal([result.kind, result.kind === 'failed' && result.retry], ['failed', 'server']);
  assert.match(result.detail, /^127\.0\.0\.1:\d+: .*ECONNREFUSED/);
});

test('a server that refuses at the greeting is tried again later', async () => {
  const result = await send(optionsFor(await listenRaw(['554 go away'])));
  assert.equal([result.kind, result.kind === 'failed' && result.retry], ['failed', 'server']);
  assert.match(result.detail, /554 go away/);
});

test('a server that hangs after the greeting is left at the abort', async () => {
  const port = await listenRaw(['220 hello']);
  const controller = new AbortController();
  const sending = send(optionsFor(port), mail, controller.signal);
  controller.abort();
  assert.is((await sending).kind, 'failed');
  const aborted = await send(optionsFor(port), mail, controller.signal);
  assert.match(aborted.detail, /broken off/);
});

test('a server that takes the mail and goes away without a word has taken it', async () => {
  const port = await listenRaw(['220 hello', '250 hi', '250 ok', '250 ok', '354 go', '250 taken']);
  const controller = new AbortController();
  const sending = send(optionsFor(port, { timeout: 200 }), mail, controller.signal);
  assert.equal(await sending, { kind: 'delivered', detail: '250 taken' });
});

test('no mail server or no addressee: no transport', () => {
  assert.is(smtpOptionsOf(makeConfig({}, { smtpServer: null })), null);
  assert.is(smtpOptionsOf(makeConfig({}, { notificationEmail: [] })), null);
});

test.run();
