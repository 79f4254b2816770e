import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { Duplex, PassThrough } from 'node:stream';
import * as assert from 'uvu/assert';
import { openChannel } from '../../../src/sys/command-channel.ts';
import { suite } from '../../support/suite.ts';

const test = suite('command channel');
const messages = [{ type: 'ready' }, ['žluťoučký\nkůň', 1], { output: '\n\n' }];

test('messages come as they were sent, several at a time or cut anywhere', async () => {
  const pieces: Buffer[] = [];
  const write = (chunk: Buffer, _encoding: unknown, done: () => void): void => {
    pieces.push(chunk);
    done();
  };
  const send = openChannel<unknown, unknown>(new Duplex({ read() {}, write }), () => {});
  for (const message of messages) send(message);
  const bytes = Buffer.concat(pieces);
  for (let size = 1; size <= bytes.length; size++) {
    const socket = new PassThrough();
    const taken: unknown[] = [];
    openChannel<unknown, unknown>(socket, message => taken.push(message));
    for (let at = 0; at < bytes.length; at += size) socket.write(Buffer.from(bytes.subarray(at, at + size)));
    socket.end();
    await once(socket, 'end');
    assert.equal(taken, messages, `pieces of ${size}`);
  }
});

test('what cannot be sent any more is lost and nothing else', () => {
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done(new Error('gone')) });
  const send = openChannel<unknown, unknown>(socket, () => {});
  send('one');
  send('two');
  socket.destroy();
  send('three');
});

test.run();
