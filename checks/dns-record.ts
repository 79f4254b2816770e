import { Buffer } from 'node:buffer';
import type { Answer } from 'dns-packet';

/** `name ttl class type data`, as dig prints it but for single blanks. */
export function printRecord(record: Answer): string {
  const type = record.type.replace('UNKNOWN_', 'TYPE');
  if (record.type === 'OPT') return `${absolute(record.name)} OPT`;
  return [absolute(record.name), record.ttl ?? 0, record.class ?? 'IN', type, printData(record)].join(' ');
}

function printData(record: Exclude<Answer, { readonly type: 'OPT' }>): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return record.data;
    case 'CNAME':
    case 'DNAME':
    case 'NS':
    case 'PTR':
      return absolute(record.data);
    case 'MX':
      return `${record.data.preference ?? 0} ${absolute(record.data.exchange)}`;
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = record.data;
      return [absolute(mname), absolute(rname), serial, refresh, retry, expire, minimum].join(' ');
    }
    case 'SRV': {
      const { priority, weight, port, target } = record.data;
      return [priority ?? 0, weight ?? 0, port, absolute(target)].join(' ');
    }
    case 'TXT':
      return [record.data].flat().map(quote).join(' ');
    case 'CAA':
      return `${record.data.flags ?? 0} ${record.data.tag} ${quote(record.data.value)}`;
    case 'NAPTR': {
      const { order, preference, flags, services, regexp, replacement } = record.data;
      return [order, preference, quote(flags), quote(services), quote(regexp), absolute(replacement)].join(' ');
    }
    case 'DS': {
      const { keyTag, algorithm, digestType, digest } = record.data;
      return [keyTag, algorithm, digestType, hex(digest)].join(' ');
    }
    case 'DNSKEY':
      return [record.data.flags, dnssecProtocol, record.data.algorithm, base64(record.data.key)].join(' ');
    case 'TLSA': {
      const { usage, selector, matchingType, certificate } = record.data;
      return [usage, selector, matchingType, hex(certificate)].join(' ');
    }
    case 'SSHFP':
      return [record.data.algorithm, record.data.hash, record.data.fingerprint].join(' ');
    case 'RRSIG': {
      // RFC 4034, section 3.2, allows times as plain numbers.
      const { typeCovered, algorithm, labels, originalTTL, expiration, inception, keyTag, signersName, signature } =
        record.data;
      const signer = absolute(signersName);
      return [
        typeCovered,
        algorithm,
        labels,
        originalTTL,
        expiration,
        inception,
        keyTag,
        signer,
        base64(signature),
      ].join(' ');
    }
    case 'HINFO':
      return `${quote(record.data.cpu)} ${quote(record.data.os)}`;
    case 'RP':
      return `${absolute(record.data.mbox)} ${absolute(record.data.txt)}`;
    case 'NSEC':
      return [absolute(record.data.nextDomain), ...record.data.rrtypes].join(' ');
    case 'NSEC3': {
      const { algorithm, flags, iterations, salt, nextDomain, rrtypes } = record.data;
      return [algorithm, flags, iterations, hex(salt) || '-', hex(nextDomain), ...rrtypes].join(' ');
    }
    default:
      // RFC 3597.
      return `\\# ${record.data.length} ${hex(record.data)}`.trimEnd();
  }
}

/** RFC 4034, section 2.1.2: the only one there is. */
const dnssecProtocol = 3;

function absolute(name: string): string {
  return name.endsWith('.') ? name : `${name}.`;
}

function quote(text: string | Uint8Array): string {
  const plain = typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
  return `"${plain.replace(/["\\]/g, '\\$&')}"`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
