import type { Checker, CheckTarget, Report } from '../src/model/check.ts';
import type { Values } from '../src/model/params.ts';
import { datagramParams, planConnection } from './connect-params.ts';
import { askOverTcp, askOverUdp, type DnsSpec } from './dns-ask.ts';
import type { RecordRule } from './dns-judge.ts';
import { type Question, type RecordClass, sections } from './dns-message.ts';
import { dnsParams } from './dns-params.ts';

/** Asks a name server; without more words any answer with code 0 will do, as for keepalived. */
export const dns: Checker<DnsSpec> = {
  keyword: 'DNS_CHECK',
  doc: 'Asks a name server over UDP or TCP, and looks at the code of the answer and, if told, at its records.',
  params: [...datagramParams, ...dnsParams],
  defaultRetry: 3,
  defaultDelayBeforeRetry: 'delay_loop',
  pace: 'end',
  mail: { up: 'DNS_CHECK: succeed on service', down: 'DNS_CHECK: failed on service' },
  plan(values, target, report) {
    const connection = planConnection(values, target, report);
    const question: Question = {
      type: values.get<string>('type') ?? 'SOA',
      name: values.get<string>('name') ?? '.',
      class: values.get<RecordClass>('class') ?? 'IN',
      recursion: values.get<boolean>('recursion') ?? true,
    };
    const rules = planRules(values, target, report);
    if (connection === null || rules === null || !isPossible(question, values, report)) return [];
    const rcodes = values.get<readonly string[]>('expect_rcode') ?? ['NOERROR'];
    return [{ connection, question, transport: values.get<'udp' | 'tcp'>('transport') ?? 'udp', rcodes, rules }];
  },
  async check(spec, context) {
    const id = Math.floor(context.random() * 0x10000);
    if (spec.transport === 'tcp') return askOverTcp(spec, id, context);
    const { result, truncated } = await askOverUdp(spec, id, context);
    if (!truncated) return result;
    const whole = await askOverTcp(spec, id, context);
    return { ...whole, took: result.took + whole.took };
  },
  longest: ({ connection: { timeout }, transport, rules }) => {
    const connected = 2 * timeout;
    if (transport === 'tcp') return connected;
    return rules.length > 0 ? timeout + connected : timeout;
  },
};

const longestLabel = 63;
/** RFC 1035, section 3.1: 255 bytes, of which the first length and the root are two. */
const longestName = 253;

/** keepalived sends such a name all the same, and the message makes no sense. */
function isPossible({ name }: Question, values: Values, report: Report): boolean {
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  const whole = name.replace(/\.$/, '');
  if (bytes(whole) <= longestName && whole.split('.').every(label => bytes(label) <= longestLabel)) return true;
  const message = `no name is as long as ${name}: a part has at most ${longestLabel} bytes, the whole ${longestName}`;
  report('error', 'dns-name', message, values.spanOf('name'), 'write the name that is to be asked for');
  return false;
}

/** null: a pattern cannot be compiled (reported). */
function planRules(values: Values, { patterns }: CheckTarget, report: Report): readonly RecordRule[] | null {
  const rules = sections.flatMap(section =>
    (['expect', 'refuse'] as const).flatMap(word =>
      values.all<string>(`${word}_${section}`).map((pattern): RecordRule => {
        return { section, must: word === 'expect' ? 'match' : 'not match', pattern };
      }),
    ),
  );
  for (const { section, must, pattern } of rules) {
    const compiled = patterns.compile({ pattern, options: [] });
    if (compiled.ok) continue;
    const span = values.spanOf(`${must === 'match' ? 'expect' : 'refuse'}_${section}`);
    const message = `the pattern ${pattern} cannot be compiled: ${compiled.detail}`;
    report('error', 'bad-pattern', message, span, 'correct the pattern');
    return null;
  }
  return rules;
}
