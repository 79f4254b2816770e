import { type ConvertContext, findOwn } from './context.ts';
import type { CheckScope } from './method.ts';
import { type Output, quoteWord, remark, say, weakerCheck } from './output.ts';
import type { Real } from './servers.ts';

/** What is asked and expected (ldirectord.in:check_dns): an address of a name, or the name of an address. */
export function writeDnsCheck(
  real: Real,
  transport: 'udp' | 'tcp',
  { section, method }: CheckScope,
  { notes }: ConvertContext,
): readonly Output[] {
  const request = findOwn(section.settings, 'request');
  const receive = findOwn(section.settings, 'receive');
  const line = real.check !== null ? real.line : (request?.line ?? method.from.at(-1) ?? section.head.line);
  const from = real.check !== null || request !== undefined ? [line] : [];
  const name = (real.check?.request ?? request?.value ?? '').replace(/^\//, '');
  const pattern = real.check?.receive ?? receive?.value ?? '';
  const patternLine = real.check !== null ? real.line : (receive?.line ?? line);
  const question = writeQuestion(name, from);
  if (question === null) {
    const message = 'The request is no name that can be asked for: the SOA of the root is, which is a weaker check.';
    notes.add('warning', line, message, 'Write a name that the server knows behind name.');
  }
  return [
    ...(question ?? [weakerCheck]),
    ...(transport === 'tcp' ? [say('@checkalived transport tcp')] : []),
    ...writeExpectation(pattern, patternLine, notes),
  ];
}

/** null: it is not possible. */
function writeQuestion(name: string, from: readonly number[]): readonly Output[] | null {
  const octets = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(name);
  if (octets !== null) {
    const reversed = octets.slice(1).reverse().join('.');
    return [say('@checkalived type PTR'), say(`name ${reversed}.in-addr.arpa`, ...from)];
  }
  if (!/^[\w-]+(\.[\w-]+)*\.?$/.test(name)) return null;
  return [say('type A'), say(`name ${name}`, ...from)];
}

/** Only our reader sees the line: backslashes stay, and a quotation mark ends it. */
function writeExpectation(pattern: string, line: number, notes: ConvertContext['notes']): readonly Output[] {
  if (pattern === '') {
    const message = 'Without receive ldirectord took these real servers for dead; DNS_CHECK takes any answer.';
    notes.add('warning', line, message, 'Write expect_answer with what the answer must hold.');
    return [];
  }
  const [, start = '', middle = '', end = ''] = /^(\^?)(.*?)(\$?)$/.exec(pattern) ?? [];
  const anchored = start !== '' || end !== '';
  const possible = quoteWord(middle.replaceAll('\\', '')) !== null && !/["^$]/.test(middle);
  if (possible && !(anchored && middle.includes('|'))) {
    // The address of an A record, or the name in a PTR record without its last point.
    const data = `${start === '' ? '.*' : ''}${middle.includes('|') ? `(${middle})` : middle}`;
    return [say(`@checkalived expect_answer " (A|PTR) ${data}${end === '' ? '' : '\\.?$'}"`, line)];
  }
  const message = 'The receive cannot be carried over: any answer without an error passes, which is a weaker check.';
  notes.add('warning', line, message, 'Write expect_answer with a pattern for the records of the answer.');
  return [weakerCheck, remark(`receive was: ${pattern}`, line)];
}
