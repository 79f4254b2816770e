import type { Params, ReadWords } from '../src/model/params.ts';
import { sections } from './dns-message.ts';

/** By code: RFC 1035 and 2136. */
export const rcodeNames: readonly string[] =
  'NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE'.split(' ');
/** keepalived check/check_dns.c:DNS_TYPE. */
const keepalivedTypes: readonly string[] = ['A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA', 'RRSIG', 'DNSKEY'];
const ownTypes: readonly string[] = [
  'PTR',
  'SRV',
  'CAA',
  'DS',
  'NAPTR',
  'TLSA',
  'SSHFP',
  'DNAME',
  'HINFO',
  'RP',
  'ANY',
];
const largestType = 65_535;

/** keepalived check/check_dns.c:dns_type_handler. */
const readType: ReadWords = ([word, surplus], tell) => {
  const advice = `Write one of ${[...keepalivedTypes, ...ownTypes].join(', ')}, or TYPE and a number.`;
  if (word === undefined) return tell('missing-argument', undefined, 'type lacks its argument.', advice);
  if (surplus !== undefined)
    tell('surplus-words', surplus, `${surplus.text} and what follows is ignored.`, 'Remove it.');
  const name = word.text.toUpperCase();
  if (keepalivedTypes.includes(name)) return name;
  const number = /^TYPE(\d+)$/.exec(name)?.[1];
  if (!ownTypes.includes(name) && (number === undefined || Number(number) > largestType)) {
    return tell('bad-value', word, `type cannot be ${word.text}.`, advice);
  }
  const message = `keepalived does not know the type ${name}, and asks for SOA.`;
  tell('newer-value', word, message, 'Hide the line from keepalived: @checkalived type ...');
  return name;
};

/** keepalived check/check_dns.c:dns_name_handler. */
const readName: ReadWords = ([name, surplus], tell) => {
  const advice = 'Write a name such as www.example.com, or a point for the root.';
  if (name === undefined) return tell('missing-argument', undefined, 'name lacks its domain.', advice);
  if (surplus !== undefined)
    tell('surplus-words', surplus, `${surplus.text} and what follows is ignored.`, 'Remove it.');
  if (/^\..|\.\./.test(name.text)) {
    return tell('bad-value', name, `The domain ${name.text} has an empty part.`, advice);
  }
  if (name.text.charAt(1) === '.') {
    const message = 'keepalived takes a first part of one letter for an empty one, and asks for the root.';
    tell('newer-value', name, message, 'Hide the line from keepalived: @checkalived name ...');
  }
  return name.text;
};

const readRcodes: ReadWords = (words, tell) => {
  const advice = `Write some of ${rcodeNames.join(', ')}.`;
  if (words.length === 0) return tell('missing-argument', undefined, 'expect_rcode lacks its names.', advice);
  const wrong = words.find(word => !rcodeNames.includes(word.text.toUpperCase()));
  if (wrong) return tell('bad-value', wrong, `${wrong.text} is no code of an answer.`, advice);
  return words.map(word => word.text.toUpperCase());
};

const readPattern: ReadWords = ([pattern, surplus], tell) => {
  const advice = 'Write one pattern, in quotes if it holds blanks: " A 192\\.0\\.2\\.1$".';
  if (pattern === undefined) return tell('missing-argument', undefined, 'The pattern is missing.', advice);
  if (surplus !== undefined) return tell('bad-value', surplus, 'This is more than one pattern.', advice);
  return pattern.text;
};

/** What DNS_CHECK takes besides a connection. */
export const dnsParams: Params = [
  {
    name: 'type',
    type: { kind: 'custom', syntax: 'TYPE', read: readType },
    doc: `Type of record to ask for: ${keepalivedTypes.join(', ')}; keepalived does not know ${ownTypes.join(', ')}, TYPE and a number.`,
    default: 'SOA',
  },
  {
    name: 'name',
    type: { kind: 'custom', syntax: 'DOMAIN', read: readName },
    doc: 'Domain to ask for.',
    default: 'the root',
    repeat: 'first',
  },
  {
    name: 'class',
    type: { kind: 'choice', of: ['IN', 'CH'] },
    doc: 'Class to ask for; CH is where name servers tell their version.',
    default: 'IN',
    ours: true,
  },
  {
    name: 'recursion',
    type: { kind: 'bool' },
    doc: 'Whether the name server is asked to ask others.',
    default: 'on',
    ours: true,
  },
  {
    name: 'transport',
    type: { kind: 'choice', of: ['udp', 'tcp'] },
    doc: 'How to ask. Over TCP connect_timeout is for connecting, and once more for the answer; so it is asked again when an answer over UDP is truncated and its records are to be looked at.',
    default: 'udp',
    ours: true,
  },
  {
    name: 'expect_rcode',
    type: { kind: 'custom', syntax: 'NAME ...', read: readRcodes },
    doc: 'Codes of an answer that pass, such as NOERROR, NXDOMAIN, SERVFAIL or REFUSED.',
    default: 'NOERROR',
    ours: true,
  },
  ...sections.flatMap((section): Params => {
    const type = { kind: 'custom', syntax: 'PATTERN', read: readPattern } as const;
    const where = section === 'answer' ? 'answer itself' : `${section} section`;
    return [
      {
        name: `expect_${section}`,
        type,
        doc: `A record of the ${where} must match, written as dig does with single blanks: name. ttl class type data. PCRE2.`,
        repeat: 'all',
        ours: true,
      },
      {
        name: `refuse_${section}`,
        type,
        doc: `No record of the ${where} may match.`,
        repeat: 'all',
        ours: true,
      },
    ];
  }),
];
