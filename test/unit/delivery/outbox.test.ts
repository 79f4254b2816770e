import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import * as assert from 'uvu/assert';
import { createSmtpTransport, smtpOptionsOf } from '../../../alerts/smtp.ts';
import { createMailer, type Mailer } from '../../../src/delivery/mailer.ts';
import type { Config } from '../../../src/model/config.ts';
import type { Recollection, Store } from '../../../src/model/store.ts';
import { createStore } from '../../../src/store/store.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';
import { commit, makeDirectory, noDirectory, query, recordLog, storeOptions, until } from '../store/support.ts';
import { mailOf, makeConfig } from './support.ts';

const test = suite('outbox');
let directory = noDirectory;
let clock = new VirtualClock();
let closers: (() => Promise<void>)[] = [];

test.beforeEach(() => {
  directory = makeDirectory();
  clock = new VirtualClock();
  closers = [];
});
test.afterEach(async () => {
  for (const close of closers) await close();
  directory.remove();
});

/** A real SMTP server; `refuse` says how to answer the recipient of the next mails. */
async function listen(
  port = 0,
): Promise<{ readonly port: number; readonly ids: string[]; refuse: number | null; close: () => Promise<void> }> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onRcptTo: (_, __, done) =>
      done(state.refuse === null ? null : Object.assign(new Error('later'), { responseCode: state.refuse })),
    onData: (stream, _, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on('end', () => {
        state.ids.push(/Message-ID: <(.*)@/.exec(text)?.[1] ?? '');
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', () => resolve()));
  const close = () => new Promise<void>(resolve => server.close(() => resolve()));
  const state = {
    port: (server.server.address() as AddressInfo).port,
    ids: [] as string[],
    refuse: null as number | null,
    close,
  };
  return state;
}

/** One life of the agent on the same state directory. */
async function live(
  port: number,
  random: number,
): Promise<{ readonly store: Store; readonly mailer: Mailer; readonly recollection: Recollection }> {
  const log = recordLog();
  const store = createStore({ ...storeOptions, directory: directory.path }, { clock, log, random: () => random });
  closers.push(() => store.close());
  const recollection = await store.open();
  const createTransport = (config: Config) => {
    const options = smtpOptionsOf(config);
    return options && createSmtpTransport(options);
  };
  const config = makeConfig({}, { smtpServer: { host: '127.0.0.1', port } });
  const mailer = createMailer(config, { clock, log, store, random: () => 0.5, createTransport });
  mailer.resume(recollection.notifications);
  return { store, mailer, recollection };
}
const outcomes = () =>
  query(directory.path, "SELECT outcome || ' ' || attempts AS text FROM notification_rows ORDER BY rowid").map(row =>
    String(Object.values(row)[0]),
  );

test('a mail that is put off with 4xx is delivered at the next try', async () => {
  const server = await listen();
  closers.push(server.close);
  const { store, mailer } = await live(server.port, 0.1);
  await store.commit(commit({ notifications: [mailOf('1')] }));
  server.refuse = 450;
  mailer.send(mailOf('1'));
  await clock.advance(5_000);
  await until(() => outcomes()[0] === 'failed 1');
  server.refuse = null;
  await clock.advance(5_000);
  await until(() => outcomes()[0] === 'delivered 2');
  assert.equal(server.ids, ['1']);
});

test('after kill -9 the next life sends what was owed, each mail once, though the server was down meanwhile', async () => {
  const first = await listen();
  const { store, mailer } = await live(first.port, 0.1);
  for (const id of ['1', '2', '3']) await store.commit(commit({ notifications: [mailOf(id)] }));
  mailer.send(mailOf('1'));
  await clock.advance(5_000);
  await until(() => outcomes()[0] === 'delivered 1');
  await first.close();
  mailer.send(mailOf('2'));
  mailer.send(mailOf('3'));
  await clock.advance(5_000);
  await until(() => outcomes()[1] === 'failed 1');
  assert.equal(outcomes(), ['delivered 1', 'failed 1', 'queued 0']);
  // As after kill -9: this life is never heard of again. An hour later:
  await mailer.close(0);
  await clock.advance(3_600_000);
  const second = await listen(first.port);
  closers.push(second.close);
  const { recollection } = await live(first.port, 0.2);
  assert.is(recollection.notifications.length, 2);
  await clock.advance(5_000);
  await until(() => outcomes().every(outcome => outcome.startsWith('delivered')));
  assert.equal([first.ids, second.ids], [['1'], ['2', '3']]);
  assert.is((await live(first.port, 0.3)).recollection.notifications.length, 0);
});

test.run();
