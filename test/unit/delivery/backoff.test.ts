import * as assert from 'uvu/assert';
import { backoff, pauseAfter } from '../../../src/delivery/backoff.ts';
import { suite } from '../../support/suite.ts';

const test = suite('delivery backoff');

test('the pause doubles up to five minutes', () => {
  assert.equal(
    [1, 2, 3, 7, 8, 2_000].map(attempts => backoff(attempts, 0.5)),
    [5_000, 10_000, 20_000, 300_000, 300_000, 300_000],
  );
});

test('the jitter is a fifth to either side', () => {
  assert.is(backoff(1, 0), 4_000);
  assert.is(backoff(1, 1), 6_000);
});

test('a server that asks for a longer pause gets it, up to a quarter of an hour', () => {
  assert.equal(
    [undefined, 1_000, 60_000, 86_400_000].map(asked => pauseAfter(1, asked, 0.5)),
    [5_000, 5_000, 60_000, 900_000],
  );
});

test.run();
