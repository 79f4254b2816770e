// A checker of memcached: asks for its version.
import { Buffer } from 'node:buffer';
import { closedEarly, connectParams, exchange, planConnection, quoteBytes } from 'checkalived/plugin';

/** Longest answer; who says more is no memcached. */
const answerLimit = 200;

/**
 * What one check needs: plain data, since checkalived tells by its JSON whether a reload changed the check.
 * @typedef {{ connection: import('checkalived/plugin').ConnectionSpec, version: string }} Spec
 */

/** @type {import('checkalived/plugin').Checker<Spec>} */
export const memcached = {
  keyword: 'MEMCACHED_CHECK',
  doc: 'Asks memcached for its version.',
  params: [
    ...connectParams,
    { name: 'version', type: { kind: 'word' }, doc: 'What the version begins with.', default: 'any' },
  ],
  defaultRetry: 1,
  defaultDelayBeforeRetry: 1000,
  pace: 'end',
  mail: { up: 'MEMCACHED CHECK succeed on service', down: 'MEMCACHED CHECK failed on service : {detail}' },
  plan(values, target, report) {
    const connection = planConnection(values, target, report);
    return connection ? [{ connection, version: values.get('version') ?? '' }] : [];
  },
  check: ({ connection, version }, context) => exchange({ connection, tls: null }, askVersion(version), context),
  // Once for the connection, and once for all that follows.
  longest: ({ connection }) => 2 * connection.timeout,
};

/**
 * @param {string} expected
 * @returns {import('checkalived/plugin').Dialogue}
 */
function askVersion(expected) {
  let answer = '';
  return {
    opened: () => ({ send: 'version\r\n' }),
    data(bytes) {
      answer += Buffer.from(bytes.subarray(0, answerLimit)).toString('latin1');
      const end = answer.indexOf('\r\n');
      if (end >= 0) return judge(answer.slice(0, end), expected);
      return answer.length < answerLimit ? 'wait' : noMemcached(answer);
    },
    ended: () => closedEarly('before its version was complete'),
  };
}

/**
 * @param {string} line
 * @param {string} expected
 * @returns {import('checkalived/plugin').Verdict}
 */
function judge(line, expected) {
  if (/^(ERROR|(CLIENT|SERVER)_ERROR .*)$/.test(line))
    return { ok: false, reason: 'status', detail: line.slice(0, 80) };
  const [, version] = /^VERSION (\S+)$/.exec(line) ?? [];
  if (version === undefined) return noMemcached(line);
  if (version.startsWith(expected)) return { ok: true, detail: `version ${version}` };
  return { ok: false, reason: 'body', detail: `version ${version}, expected ${expected}` };
}

/**
 * @param {string} answer
 * @returns {import('checkalived/plugin').Verdict}
 */
function noMemcached(answer) {
  return { ok: false, reason: 'protocol', detail: `${quoteBytes(Buffer.from(answer, 'latin1'))} is no version` };
}
