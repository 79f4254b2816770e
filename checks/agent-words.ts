import type { Verdict } from './exchange.ts';

/** Words of one kind exclude one another; of a line the last one of each kind counts. */
interface Meanings {
  health?: 'up' | 'down';
  admin?: 'ready' | 'drain' | 'maint';
  percent?: number;
}

/**
 * One line of an agent that speaks HAProxy's agent-check (HAProxy src/tcpcheck.c:tcpcheck_agent_expect_reply). The line is
 * all of the state: what is not in it does not hold on from an earlier one. null: it says nothing of the server.
 */
export function readAgentLine(line: string): Verdict | null {
  // Behind the sign stands what the agent has to say to people.
  const [list = ''] = line.split('#', 1);
  const words = list.split(/[\s,]+/).filter(word => word !== '');
  const meanings: Meanings = {};
  const ignored = words.filter(word => !addWord(word, meanings));
  if (ignored.length === words.length) return null;
  const { health, admin, percent } = meanings;
  const detail = `the agent says "${shorten(line)}"${ignored.length === 0 ? '' : ` (${shorten(ignored.join(', '))} ignored)`}`;
  if (health === 'down' || admin === 'maint') return { ok: false, reason: 'status', detail };
  if (admin === 'drain') return { ok: true, weight: 0, detail };
  return { ok: true, detail, ...(percent !== undefined && { weight: { percent } }) };
}

/** False for words that we do not act on, or do not know. */
function addWord(word: string, meanings: Meanings): boolean {
  const percent = /^(\d{1,5})%$/.exec(word)?.[1];
  const name = word.toLowerCase();
  if (percent !== undefined) meanings.percent = Number(percent);
  else if (name === 'up') meanings.health = 'up';
  else if (['down', 'fail', 'failed', 'stopped'].includes(name)) meanings.health = 'down';
  else if (name === 'ready' || name === 'drain' || name === 'maint') meanings.admin = name;
  else return false;
  return true;
}

function shorten(text: string): string {
  const printable = text.replace(/[^ -~]/g, '.').trim();
  return printable.length > 80 ? `${printable.slice(0, 80)}...` : printable;
}
