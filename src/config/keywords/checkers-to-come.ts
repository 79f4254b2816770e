import type { Params, TellFault, Values, Word } from '../../model/params.ts';
import { type HexString, readHexString } from '../values/hex-string.ts';
import { custom, tellSurplus } from './read-words.ts';
import { alphaRow, bool, connectTimeoutRow, int, logAllFailuresRow, row, schedulingRows } from './rows.ts';

/** What stands before a checker in the file, for the ones that name a block of the root. */
export interface NamedBefore {
  readonly trackFiles: Pick<ReadonlySet<string>, 'has'>;
  readonly bfdInstances: Pick<ReadonlySet<string>, 'has'>;
}

/** A checker of keepalived that checkalived cannot run yet: its block is read and judged all the same. */
export interface CheckerToCome {
  readonly keyword: string;
  readonly doc: string;
  readonly params: Params;
  /** Why it will not come, and what to do; left out = not yet. */
  readonly refusal?: { readonly message: string; readonly advice: string };
  /** What is wrong with the block as a whole. */
  judge(values: Values, before: NamedBefore): readonly string[];
}

const maxReply = 65_535;
const defaultMaxReply = 255;
const longestBfdName = 31;
const dnsTypes: readonly string[] = ['A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA', 'RRSIG', 'DNSKEY'];

/** The rows of checks/connect-params.ts; they stand there only for checkers that can connect. */
const connectRows: Params = [
  row('connect_ip', { kind: 'address' }, 'Address to connect to.', { default: 'of the real server' }),
  row('connect_port', { kind: 'port' }, 'Port to connect to.', { default: 'of the real server' }),
  row('bindto', { kind: 'address' }, 'Local address to connect from.'),
  row('bind_port', { kind: 'port' }, 'Local port to connect from.', { since: '1.2.13' }),
  row('bind_if', { kind: 'interface' }, 'Interface to connect through.', { since: '1.3.7' }),
  connectTimeoutRow,
  row('fwmark', int(0, 4_294_967_295), "Mark on the check's packets.", { default: '0', since: '1.2.13' }),
];

/** What is common to all, with what the checker does when nothing is said (keepalived check/check_api.c, check_dns.c). */
function commonRows(retry: string, delayBeforeRetry: string): Params {
  const defaults: Readonly<Partial<Record<string, string>>> = {
    retry: `of the real server, else ${retry}`,
    delay_before_retry: `of the real server, else ${delayBeforeRetry}`,
  };
  const scheduling = schedulingRows('checker').map(param => {
    const value = defaults[param.name];
    return value === undefined ? param : { ...param, default: value };
  });
  return [...scheduling, alphaRow, logAllFailuresRow];
}

/** keepalived check/check_dns.c:dns_name_handler. */
const domain = custom('DOMAIN', ([name, surplus], tell) => {
  const advice = 'Write a name such as www.example.com, or a point for the root.';
  if (name === undefined) return tell('missing-argument', undefined, 'name lacks its domain.', advice);
  tellSurplus(surplus, tell);
  if (/^\..|\.\./.test(name.text)) {
    return tell('bad-value', name, `The domain ${name.text} has an empty part.`, advice);
  }
  if (name.text.charAt(1) === '.')
    tell('bad-value', name, 'keepalived takes a first part of one letter for an empty one.', 'Ask for another name.');
  return name.text;
});

const payload = custom('HEX', (words, tell) => {
  const advice = 'Write pairs of hexadecimal digits: payload 01 02 ab.';
  if (words.length === 0) return tell('missing-argument', undefined, 'payload lacks its digits.', advice);
  return readHex(words, false, advice, tell);
});

/** Without digits any reply will do: the value is { bytes: [], mask: [] }. */
const reply = custom('[HEX]', (words, tell) => {
  const advice = 'Write pairs of hexadecimal digits, with x for a digit that may be any, or nothing.';
  return words.length === 0 ? { bytes: [], mask: [] } : readHex(words, true, advice, tell);
});

/** 2.2.7 takes a last byte of FF for a fault of its own (keepalived lib/parser.c:read_hex_str). */
function readHex(words: readonly Word[], wildcards: boolean, advice: string, tell: TellFault): HexString | undefined {
  const text = words.map(each => each.text).join(' ');
  const hex = readHexString(text, wildcards);
  if (hex === null) return tell('bad-value', words[0], `${text} is not hexadecimal.`, advice);
  if (hex.bytes.at(-1) === 0xff)
    tell('bad-value', words.at(-1), 'keepalived refuses digits that end with ff.', 'Leave the last byte out.');
  return hex;
}

/** keepalived check/check_bfd.c:bfd_name_handler. */
const bfdName = custom('NAME', ([name, surplus], tell) => {
  const advice = `Write the name of one bfd_instance, of at most ${longestBfdName} characters.`;
  if (name === undefined) return tell('missing-argument', undefined, 'name lacks its bfd_instance.', advice);
  if (surplus !== undefined || name.text.length > longestBfdName)
    return tell('bad-value', surplus ?? name, 'BFD_CHECK takes one name.', advice);
  return name.text;
});

const replyLength = int(0, maxReply);

export const checkersToCome: readonly CheckerToCome[] = [
  {
    keyword: 'DNS_CHECK',
    doc: 'Asks a name server over UDP.',
    params: [
      ...connectRows,
      ...commonRows('3', 'delay_loop'),
      row('type', { kind: 'choice', of: dnsTypes, anyCase: true }, 'Type of record.', { default: 'SOA' }),
      row('name', domain, 'Domain to ask for.', { default: 'the root', repeat: 'first' }),
    ],
    judge: findConnectFaults,
  },
  {
    keyword: 'UDP_CHECK',
    doc: 'Sends a packet, and looks at the reply or at ICMP errors.',
    params: [
      ...connectRows,
      ...commonRows('1', '1'),
      row('payload', payload, 'What to send.', { default: 'random bytes', since: '2.2.0' }),
      row('require_reply', reply, 'A reply must come, and begin with this.', { default: 'off' }),
      row('min_reply_length', replyLength, 'Bytes that it has at least.', { default: '0', since: '2.2.0' }),
      row('max_reply_length', replyLength, 'Bytes that it has at most.', { default: '255', since: '2.2.0' }),
    ],
    judge(values) {
      const least = values.get<number>('min_reply_length') ?? 0;
      const most = values.get<number>('max_reply_length') ?? defaultMaxReply;
      const faults = findConnectFaults(values);
      return least > most ? [...faults, `no reply has at least ${least} and at most ${most} bytes`] : faults;
    },
  },
  {
    keyword: 'PING_CHECK',
    doc: 'Sends an ICMP echo request.',
    params: [...connectRows, ...commonRows('1', '1')],
    judge: findConnectFaults,
  },
  {
    keyword: 'BFD_CHECK',
    doc: 'Follows a BFD session of keepalived, and stays with it.',
    refusal: {
      message:
        'BFD_CHECK stays with keepalived, whose BFD process holds the sessions and tells nobody else: this real server is left unchecked.',
      advice:
        "Leave all of this real server's checking with keepalived: write @^checkalived before each line of its checkers. The mode weights then leaves its weight alone.",
    },
    params: [
      row('name', bfdName, 'Name of a bfd_instance block that stands before.', { required: true, repeat: 'first' }),
      row('alpha', bool, 'The real server starts as down until the session is up.', {
        default: 'of the real server',
      }),
    ],
    judge(values, { bfdInstances }) {
      const name = values.get<string>('name');
      if (name === undefined) return ['it names no bfd_instance'];
      return bfdInstances.has(name) ? [] : [`no bfd_instance ${name} stands before it`];
    },
  },
];

function findConnectFaults(values: Values): readonly string[] {
  const address = values.get<string>('connect_ip');
  const from = values.get<string>('bindto');
  const faults: string[] = [];
  if (address !== undefined && /^fe[89ab][0-9a-f]:/.test(address) && !values.has('bind_if'))
    faults.push(`the link-local address ${address} needs bind_if`);
  if (address !== undefined && from !== undefined && address.includes(':') !== from.includes(':'))
    faults.push(`bindto ${from} and connect_ip ${address} are of different families`);
  return faults;
}
