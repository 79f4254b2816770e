import { Buffer } from 'node:buffer';
import { createAnswerDialogue, notUnderstood } from './answer-dialogue.ts';
import type { Verdict } from './exchange.ts';
import { createHelloChecker } from './hello-checker.ts';
import { quoteBytes } from './quote.ts';

const ping = Buffer.from('*1\r\n$4\r\nPING\r\n');

export const redis = createHelloChecker({
  keyword: 'REDIS_CHECK',
  doc: 'Sends PING to Redis; PONG passes, and so does a server that asks for a password.',
  params: [],
  converse: () =>
    createAnswerDialogue({
      request: ping,
      limit: 4096,
      read(bytes) {
        const end = bytes.indexOf('\n');
        return end < 0 ? 'wait' : judge(bytes.subarray(0, end).toString('latin1').trimEnd());
      },
    }),
});

function judge(line: string): Verdict {
  const bytes = Buffer.from(line, 'latin1');
  if (line === '+PONG') return { ok: true, detail: 'PONG' };
  // It takes commands and answers them; whether we may give any is no matter of health.
  if (line.startsWith('-NOAUTH')) return { ok: true, detail: 'it asks for a password' };
  if (line.startsWith('-')) return { ok: false, reason: 'status', detail: quoteBytes(bytes.subarray(1), 100) };
  return notUnderstood('an answer of Redis to PING', bytes);
}
