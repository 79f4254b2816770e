import { atOnce, type Trace } from './trace.ts';

/** A line of docs/differences.md that scenarios show. */
export interface Documented {
  readonly id: string;
  /** What stands in that line. */
  readonly line: string;
  /** Both traces as they are without this difference; left out where the scenario lists what differs. */
  readonly rewrite?: (trace: Trace) => Trace;
}

const differences: readonly Documented[] = [
  { id: 'retries-while-down', line: 'SMTP_CHECK, and in 2.2.7 TCP_CHECK and others, retry while down' },
  { id: 'http-recovery', line: 'HTTP_GET that is down fetches the `url` that failed until it passes' },
  { id: 'several-urls', line: 'several `url`: one for each `delay_loop`' },
  { id: 'http-deadline', line: 'HTTP_GET and SMTP_CHECK: `connect_timeout` for each read' },
  { id: 'http-end', line: 'answer ends when the connection is closed' },
  { id: 'http-cut', line: 'shorter body than announced passes' },
  { id: 'http-header', line: 'header of LF only, without reason phrase, after 1xx, or above 4095 bytes fails' },
  { id: 'http-reset', line: 'reset after the answer' },
  { id: 'regex-end', line: 'is not seen at the end of the body' },
  { id: 'regex-header', line: '`regex` searches the header too if both come in one packet' },
  {
    id: 'icmp-hosts',
    line: 'of what ICMP says DNS_CHECK hears of closed ports and filters only, PING_CHECK of nothing at all',
  },
  { id: 'ping-other', line: 'the reply must have the sequence number and the random bytes of the request' },
  { id: 'dns-letter', line: 'asks for the root in place of a `name` whose first part has one letter' },
  { id: 'udp-short', line: 'UDP_CHECK compares as much of a reply as came' },
  { id: 'udp-lengths', line: 'only with digits in `require_reply`' },
  {
    id: 'file-reverse',
    line: '`weight 0`: at the start a number other than 0 is down and 0 is up, with `reverse` too',
  },
  { id: 'file-start', line: 'the number of a FILE_CHECK is read before the table is filled' },
  { id: 'file-weight', line: 'brings the real server back with weight 0' },
  { id: 'smtp-replies', line: 'SMTP_CHECK rejects replies of several lines and bare codes' },
  { id: 'first-verdict', line: 'at the start one failure is enough, but for SMTP_CHECK' },
  { id: 'misc-missing', line: 'MISC_CHECK that cannot be started passes' },
  { id: 'misc-late', line: 'MISC_CHECK that ends with 0 after SIGTERM passes' },
  {
    id: 'misc-first-mail',
    line: 'MISC_CHECK mails its first success too',
    rewrite: trace =>
      trace.filter(({ at, text }) => at > firstChecks || !text.includes('MISC CHECK succeeded on service')),
  },
  {
    id: 'file-mail',
    line: 'a failed FILE_CHECK sends no mail',
    rewrite: trace => trace.filter(({ text }) => !/ => FILE CHECK (?:failed|succeeded) on service /.test(text)),
  },
  {
    id: 'http-mail-text',
    line: '2.2.7 mails `HTTP request failed`',
    rewrite: trace =>
      trace.map(event => ({
        ...event,
        text: event.text.replace(': HTTP/SSL request failed', ': HTTP request failed'),
      })),
  },
  {
    id: 'smtp-mail-text',
    line: "SMTP_CHECK: the reason in keepalived's words",
    rewrite: trace =>
      trace.map(event => ({ ...event, text: event.text.replace(/( failed on service : ).+ <=$/, '$1REASON <=') })),
  },
  {
    id: 'additions-first',
    line: 'removes before it adds, a command each, when the sorry server comes and goes and at a reload',
    rewrite: putAdditionsFirst,
  },
  { id: 'alpha-quorum', line: '`alpha` with quorum missed at the start and no sorry server: silence' },
  {
    id: 'alpha-failure',
    line: 'first failure with `alpha`: silent for HTTP_GET, script and FIFO line once per checker for others',
  },
  { id: 'extra-second', line: 'first run 1 s + `warmup` after start and reload' },
  { id: 'reload-timers', line: 'a reload starts every check again after 1 s + `warmup`' },
  { id: 'reload-edited', line: 'an edited checker counts as up' },
  { id: 'reload-file', line: 'a reload while a FILE_CHECK fails' },
  { id: 'reload-limits', line: 'a changed `uthreshold` or `lthreshold` is not pushed at a reload' },
  { id: 'reload-sorry', line: 'reload with an active sorry server can strand real servers' },
  {
    id: 'reload-in-between',
    line: 'a reload that takes real servers out and puts others in: the quorum may be lost in between',
  },
  {
    id: 'reload-again',
    line: 'a reload that takes the quorum away with a real server, or has a new sorry server while the quorum is down: quorum_down once more',
  },
  {
    id: 'reload-quorum-text',
    line: 'a quorum that is lost or reached because a reload changed it: `Starting with quorum ..`',
  },
  {
    id: 'reload-mail',
    line: 'a real server that is back in service because a reload took out the checker that failed: no mail',
  },
  { id: 'stop-mail', line: 'cut off at shutdown' },
  { id: 'stop-flush', line: "`lvs_flush_on_stop` skips real servers' notifications" },
  {
    id: 'omega-twice',
    line: 'at an `omega` stop: `VS .. DOWN` also when already down; real servers behind a sorry server skipped',
  },
];

/** Seconds within which first checks have their results. */
const firstChecks = 0.9;

export function documented(id: string): Documented {
  const difference = differences.find(each => each.id === id);
  if (!difference) throw new Error(`There is no documented difference "${id}": add it to documented.ts.`);
  return difference;
}

export function listDocumented(): readonly Documented[] {
  return differences;
}

/** Of commands given on one occasion those first that add or raise, as in reconcile.ts; those of a kind in any order. */
function putAdditionsFirst(trace: Trace): Trace {
  const weights = new Map<string, number>();
  const ranks = trace.map(({ channel, text }) => {
    if (channel !== 'ipvs') return 0;
    const [command = '', service, destination] = text.split(' ');
    const name = `${service} ${destination}`;
    const weight = Number(/weight=(\d+)/.exec(text)?.[1] ?? 0);
    const before = weights.get(name) ?? 0;
    weights.set(name, weight);
    if (command === 'ADD' || command === 'EDIT') return 0;
    if (command === 'ADDDEST' || (command === 'EDITDEST' && weight > before)) return 1;
    return command === 'DEL' ? 3 : 2;
  });
  const order = trace.map((event, index) => ({ event, key: `${ranks[index] ?? 0} ${event.text}` }));
  const sorted = order.filter(({ event }) => event.channel !== 'ipvs').map(({ event }) => event);
  const commands = order.filter(({ event }) => event.channel === 'ipvs');
  while (commands.length > 0) {
    const first = commands[0]?.event.at ?? 0;
    const occasion = commands.splice(0, commands.findLastIndex(({ event }) => event.at - first < atOnce) + 1);
    sorted.push(...occasion.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ event }) => event));
  }
  return sorted;
}
