import { Buffer } from 'node:buffer';
import { closedEarly, type Dialogue, type Turn } from './exchange.ts';
import { quoteBytes } from './quote.ts';

/** Longest reply, all of its lines; a server that sends more is not a mail server. */
const replyLimit = 16_384;

type Step = 'banner' | 'HELO' | 'QUIT';

/** Banner 220, HELO 250, QUIT anything; replies of several lines and bare codes are accepted. */
export function createSmtpDialogue(heloName: string): Dialogue {
  let step: Step = 'banner';
  let line = '';
  let length = 0;

  const takeLine = (text: string): Turn => {
    const reply = /^(\d{3})([ -]|$)/.exec(text);
    if (step === 'QUIT') return { ok: true, detail: 'HELO and QUIT answered' };
    if (!reply) {
      return { ok: false, reason: 'protocol', detail: `${step} ${quoteText(text)}, expected a reply code` };
    }
    if (reply[2] === '-') return 'wait';
    const expected = step === 'banner' ? '220' : '250';
    if (reply[1] !== expected) {
      return { ok: false, reason: 'status', detail: `${step} ${quoteText(text)}, expected ${expected}` };
    }
    length = 0;
    if (step === 'banner') {
      step = 'HELO';
      return { send: `HELO ${heloName}\r\n` };
    }
    step = 'QUIT';
    return { send: 'QUIT\r\n' };
  };

  return {
    opened: () => 'wait',
    data(bytes) {
      length += bytes.length;
      if (length > replyLimit) {
        return { ok: false, reason: 'protocol', detail: `${step} reply longer than ${replyLimit} bytes` };
      }
      for (let from = 0; ; ) {
        const end = bytes.indexOf(0x0a, from);
        line += Buffer.from(bytes.subarray(from, end < 0 ? undefined : end)).toString('latin1');
        if (end < 0) return 'wait';
        from = end + 1;
        const turn = takeLine(line.trimEnd());
        line = '';
        // What follows in the same packet was not asked for; keepalived drops it too.
        if (turn !== 'wait') return turn;
      }
    },
    ended: () => closedEarly(step === 'banner' ? 'without a banner' : `after ${step}`),
  };
}

function quoteText(line: string): string {
  return quoteBytes(Buffer.from(line, 'latin1'));
}
