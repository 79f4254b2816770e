// node --test memcached-check.test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, conform, runAgainst } from 'checkalived/testing';
import { memcached } from './memcached-check.mjs';

// What every checker owes: refused, hung, reset, dripping, garbage, aborted, nothing left open.
conform(test, {
  checker: memcached,
  given: {},
  tls: false,
  talk: { replies: ['VERSION 1.6.21\r\n'], greets: false, until: '\r\n' },
});

/** @type {[string, Record<string, unknown>, string][]} */
const cases = [
  ['VERSION 1.6.21\r\n', {}, 'ok: version 1.6.21'],
  ['VERSION 1.6.21\r\n', { version: '1.6' }, 'ok: version 1.6.21'],
  ['VERSION 1.4.9\r\n', { version: '1.6' }, 'body: version 1.4.9, expected 1.6'],
  ['SERVER_ERROR out of memory\r\n', {}, 'status: SERVER_ERROR out of memory'],
];
for (const [says, given, expected] of cases) {
  test(`${says.trim()} with ${JSON.stringify(given)} is ${expected}`, async () => {
    const server = answer([says], { greets: false, until: '\r\n' });
    const result = await runAgainst(server, memcached, given);
    assert.equal(`${result.ok ? 'ok' : result.reason}: ${result.detail}`, expected);
  });
}
