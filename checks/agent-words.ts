import type { Verdict } from './exchange.ts';

/** What we do not act on, or do not know, is only told. */
type Meaning = 'up' | 'down' | 'drain' | { readonly percent: number } | null;

/**
 * One line of an agent that speaks HAProxy's agent-check. The line is all of the state: a word that is not in it does
 * not hold from an earlier one, as it would in HAProxy. null: the line says nothing of the server.
 */
export function readAgentLine(line: string): Verdict | null {
  // Behind the sign stands what the agent has to say to people.
  const [list = ''] = line.split('#', 1);
  const words = list.split(/[\s,]+/).filter(word => word !== '');
  const meanings = words.map(readWord);
  if (!meanings.some(meaning => meaning !== null)) return null;
  const ignored = words.filter((_, index) => meanings[index] === null);
  const detail = `the agent says "${shorten(line)}"${ignored.length === 0 ? '' : ` (${shorten(ignored.join(', '))} ignored)`}`;
  if (meanings.includes('down')) return { ok: false, reason: 'status', detail };
  if (meanings.includes('drain')) return { ok: true, weight: 0, detail };
  const weight = meanings.findLast(meaning => typeof meaning === 'object' && meaning !== null);
  return { ok: true, detail, ...(typeof weight === 'object' && weight !== null && { weight }) };
}

function readWord(word: string): Meaning {
  const percent = /^(\d{1,5})%$/.exec(word)?.[1];
  if (percent !== undefined) return { percent: Number(percent) };
  switch (word.toLowerCase()) {
    case 'up':
    case 'ready':
      return 'up';
    case 'maint':
    case 'down':
    case 'fail':
    case 'failed':
    case 'stopped':
      return 'down';
    case 'drain':
      return 'drain';
    default:
      return null;
  }
}

function shorten(text: string): string {
  const printable = text.replace(/[^ -~]/g, '.').trim();
  return printable.length > 80 ? `${printable.slice(0, 80)}...` : printable;
}
