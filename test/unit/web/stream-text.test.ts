import * as assert from 'uvu/assert';
import { streamText } from '../../../src/web/stream-text.ts';
import { suite } from '../../support/suite.ts';

const test = suite('web/stream-text');

/** Pieces without end; counts what was made, and says when it was ended. */
function makePieces() {
  const seen = { made: 0, ended: false };
  async function* make(): AsyncGenerator<string, void> {
    try {
      for (;;) yield `${++seen.made};`;
    } finally {
      seen.ended = true;
    }
  }
  return { seen, pieces: make() };
}

test('nothing is made before it is asked for', async () => {
  const { seen, pieces } = makePieces();
  const reader = streamText(pieces).getReader();
  await new Promise(resolve => setImmediate(resolve));
  assert.is(seen.made, 0);
  const { value } = await reader.read();
  assert.is(new TextDecoder().decode(value), '1;');
  await new Promise(resolve => setImmediate(resolve));
  assert.is(seen.made, 1);
});

test('a reader that goes away ends the making', async () => {
  const { seen, pieces } = makePieces();
  const reader = streamText(pieces).getReader();
  await reader.read();
  await reader.cancel();
  assert.ok(seen.ended);
});

test('a fault in the making is a fault of the stream', async () => {
  const failing = (async function* (): AsyncGenerator<string, void> {
    yield 'a';
    throw new Error('no more');
  })();
  const reader = streamText(failing).getReader();
  await reader.read();
  try {
    await reader.read();
    assert.unreachable();
  } catch (fault) {
    assert.match(String(fault), 'no more');
  }
});

test.run();
