import fc from 'fast-check';
import type { Params, ParamType } from '../../src/model/params.ts';

/** Texts that are no configuration, but made of its tables: every keyword of every block, with arguments that fit or nearly. */
export function configurations(root: Params): fc.Arbitrary<string> {
  return fc.array(statements(root, 3), { minLength: 1, maxLength: 6 }).map(parts => parts.join('\n'));
}

/** One keyword of a table, with its block where it opens one, somewhat damaged now and then. */
function statements(params: Params, depth: number): fc.Arbitrary<string> {
  return fc
    .constantFrom(...params)
    .chain(({ name, type }) => fc.tuple(fc.constant(name), words(type), body(type, depth), damage))
    .map(([name, args, block, damaged]) => damaged(`${name} ${args}${block}`));
}

function body(type: ParamType, depth: number): fc.Arbitrary<string> {
  if (type.kind === 'list') return fc.array(line, { maxLength: 4 }).map(lines => ` {\n${lines.join('\n')}\n}`);
  if (type.kind !== 'block' || depth === 0 || type.params.length === 0) return fc.constant('');
  return fc.array(statements(type.params, depth - 1), { maxLength: 6 }).map(parts => ` {\n${parts.join('\n')}\n}`);
}

function words(type: ParamType): fc.Arbitrary<string> {
  const near = fc.array(word, { maxLength: 3 }).map(parts => parts.join(' '));
  switch (type.kind) {
    case 'int':
      return fc.oneof(fc.integer({ min: type.min, max: type.max }).map(String), near);
    case 'choice':
      return fc.oneof(fc.constantFrom(...type.of), near);
    case 'block':
      return fc.oneof(fc.constantFrom('10.0.0.1 80', '2001:db8::1 443', 'fwmark 7', 'group G', 'NAME'), near);
    default:
      return near;
  }
}

const word = fc.constantFrom(
  ...`0 1 -1 80 255 65536 4294967296 1e3 0x10 .5 2.5 5. 0.1234567 on off yes ON NAT DR TUN type gue port wlc TCP UDP 10.0.0.1 10.0.0.256
    10.0.0.1/24 10.0.0.1-9 2001:db8::1 fe80::1%eth0 ::ffff:10.0.0.1 eth0 dev brd + label lo MASTER BACKUP PASS weight reverse
    a.b.c a..b 200-299 200,301 d41d8cd98f00b204e9800998ecf8427e /bin/true "/bin/true x" 'a b' " ' \\ \\x41 {} # ! " $A \${A} \${_PWD}
    \${_ENV PATH} \${_RANDOM 1 5} @id ~SEQ(A,1,3) ~LST({A,B},{1,2}) 1,2 ; // \u00a0 \ufeff 轮询`.split(/\s+/),
);
const line = fc.array(word, { maxLength: 5 }).map(parts => parts.join(' '));

/** What becomes of a statement: mostly nothing. */
const damage: fc.Arbitrary<(text: string) => string> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((text: string) => text) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<(text: string) => string>(
      text => `@lb1 ${text}`,
      text => `@^checkalived ${text}`,
      text => `@^other \f${text.replaceAll('\n', '\n@^other \f')}`,
      text => `~SEQ(N, 1, 3) ${text}`,
      text => `$V= \\\n${text.replaceAll('\n', ' \\\n')}\n\n$V`,
      text => text.replace('{', ''),
      text => text.replace('}', ''),
      text => text.replace('{', '{{'),
      text => `${text}}`,
      text => text.replaceAll('\n', ' '),
      text => text.replace(' ', '\u00a0'),
      text => text.toUpperCase(),
      text => `include ${text}`,
      text => `${text} "`,
    ),
  },
);
