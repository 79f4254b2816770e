import * as assert from 'uvu/assert';
import { collectDiagnostics } from '../../../../src/config/diagnostics.ts';
import type { FileReader } from '../../../../src/config/file-reader.ts';
import { preprocess } from '../../../../src/config/text/preprocess.ts';
import { suite } from '../../../support/suite.ts';
import { memoryFiles } from '../read-text.ts';

const test = suite('config/preprocess');

function run(text: string, files: Readonly<Record<string, string>> = {}) {
  return runWith(text, memoryFiles(files));
}

function runWith(text: string, files: FileReader) {
  const diagnostics = collectDiagnostics();
  const sources: string[] = [];
  const lines = [
    ...preprocess('main.conf', text, {
      files,
      configIds: ['lb1', 'checkalived'],
      environment: { ZONE: 'a' },
      diagnostics,
      onKept: () => {},
      onSource: path => sources.push(path),
    }),
  ];
  const faults = diagnostics.list().map(({ severity, code, line }) => `${severity} ${code} ${line}`);
  return { lines: lines.map(line => line.text), faults, sources, spans: lines };
}

test('@id keeps a line for this id only, and @^id hides it', () => {
  const text = '@lb1 a\n@lb2 b\n@^lb1 c\n@^lb2 d\n@checkalived e\n@^checkalived f\n@ g\n@lb1\n@^ h\n';
  assert.equal(run(text).lines, ['a', 'd', 'e', 'h']);
});
test('$NAME= defines from there on, anywhere, and may be redefined', () => {
  assert.equal(run(`$IP=10.0.0.1\na $IP\n$IP= 10.0.0.2 # x\na \${IP}:\n`).lines, ['a 10.0.0.1', 'a 10.0.0.2:']);
});
test(`$NAME needs a blank, comma, parenthesis or the end behind it; \${NAME} nothing`, () => {
  assert.equal(run(`$X=1\na $X/y $X, \${X}y $X\n`).lines, ['a $X/y 1, 1y 1']);
});
test('values are looked up when used, in values and in quotation marks too', () => {
  assert.equal(run(`$A=\${B}2\n$B=1\nx "\${A}"\n`).lines, ['x "12"']);
});
test('a condition stands before a definition', () => {
  assert.equal(run('@lb1 $X=1\n@lb2 $X=2\na $X\n').lines, ['a 1']);
});
test('a variable that refers to itself ends, with a complaint', () => {
  const result = run(`$A=\${A}\nx \${A}\n$B=\${B}\${B}\nx \${B}\ny\n`);
  assert.equal(result.lines.at(-1), 'y');
  assert.equal(result.faults, ['warning variable-loop 2', 'warning variable-loop 4']);
});
test('a definition of several lines ends with the first line without a backslash', () => {
  const text = `$RS= \\\nreal_server \${A} 80 { \\\n# note \\\n\\\n  weight 1 \\\n}\n$A=10.0.0.2\n  $RS\nend\n`;
  assert.equal(run(text).lines, ['real_server 10.0.0.2 80 {', 'weight 1', '}', 'end']);
});
test('a blank line ends a definition of several lines', () => {
  assert.equal(run('$RS= \\\na \\\n\nb\nx $RS\n').lines, ['b', 'x a']);
});
test('lines of a definition point to where they stand', () => {
  const { spans } = run('$RS= \\\na \\\nb\n$RS\n');
  assert.equal(
    spans.map(line => line.line),
    [2, 3],
  );
});
test('~SEQ repeats its line, the leftmost outermost', () => {
  assert.equal(run(`~SEQ(N, 1, 3) a \${N}\n`).lines, ['a 1', 'a 2', 'a 3']);
  assert.equal(run('~SEQ(N,6,-2,2) a $N\n~SEQx(N,9,11) b $N\n').lines, ['a 6', 'a 4', 'a 2', 'b 9', 'b a', 'b b']);
  assert.equal(run(`$M=2\n~SEQ(A,$M) ~SEQ(B,0x2) \${A}\${B}\n`).lines, ['11', '12', '21', '22']);
});
test('~LST repeats its line for values, or for tuples of values', () => {
  assert.equal(run(`~LST(N, x, y) a $N\n~LST({A,B}, {1,2},{3}) b \${A}-\${B}\n`).lines, [
    'a x',
    'a y',
    'b 1-2',
    'b 3-',
  ]);
});
test('a malformed sequence is reported and left out', () => {
  const text = '~SEQ(N 1 3) a\n~SEQ(N,1,0,3) a\n~SEQ(N,1,-1,3) a\n~SEQ(N,1,99999999) a\n~LST(N) a\n~SEQ N\nb\n';
  const result = run(text);
  assert.equal(result.lines, ['b']);
  assert.is(result.faults.length, 6);
  assert.ok(result.faults.every(fault => fault.startsWith('warning bad-sequence')));
});
test('predefined names have their values', () => {
  const { lines } = run(`\${_PWD} \${_INSTANCE} \${_ENV ZONE} \${_ENV toString}|\na \${_HASH}x\n\${_RANDOM 5 5}\n`);
  assert.equal(lines, ['/etc/keepalived lb1 a |', 'a', '5']);
});
test('words behind a predefined name are for _RANDOM and _ENV only', () => {
  const { lines, faults } = run(`a \${_RANDOM x}\nb \${_PWD 1}\nc \${_ENV ZONE}\nd "\${_ENV ZONE}"\n`);
  assert.equal(lines, [`a \${_RANDOM x}`, `b \${_PWD 1}`, 'c a', 'd "a"']);
  assert.equal(faults, [
    'warning undefined-variable 1',
    'warning undefined-variable 2',
    'hint newer-keyword 3',
    'hint newer-keyword 4',
  ]);
});
test('~SEQx takes no number below 0', () => {
  assert.equal(run('~SEQx(N,-1,3) a\n').faults, ['warning bad-sequence 1']);
});
test('include_check demands of every include from there on, to the end of its file', () => {
  const files = { inner: 'global_defs { include_check match }\ninclude none', plain: 'include none' };
  const text = 'include none\ninclude inner\ninclude none\n';
  assert.equal(run(text, files).faults, [
    'warning include-missing 1',
    'error include-missing 2',
    'warning include-missing 3',
  ]);
  assert.equal(run('include_check match\ninclude plain\ninclude_check -match\ninclude none\n', files).faults, [
    'error include-missing 1',
    'warning include-missing 4',
  ]);
});
test('what is missing decides which demand is not met', () => {
  const files = { a1: '', 'd/x': '' };
  const demanded = (line: string) => run(`${line}\n`, files).faults.join() === 'error include-missing 1';
  const met = ['includeb none', 'includem *.none', 'includem */x', 'includew {a8,a9}', 'includem {a1,a9}'];
  const unmet = ['includem none', 'includew *.none', 'includem nodir/*', 'includeb {a1,a9}', 'includea *.none'];
  assert.equal([...met, ...unmet].filter(demanded), unmet);
});
test('a directory is not read, which includer demands', () => {
  assert.equal(run('include d\nincluder d\n', { 'd/x': '' }).faults, [
    'hint include-unreadable 1',
    'error include-unreadable 2',
  ]);
});
test('numbers of _RANDOM are in range, and the same at every reading', () => {
  const text = `~SEQ(N,50) \${_RANDOM 3 9}\n`;
  assert.equal(run(text).lines, run(text).lines);
  assert.ok(run(text).lines.every(line => Number(line) >= 3 && Number(line) <= 9));
  assert.ok(new Set(run(text).lines).size > 3);
});
test('include reads files in sorted order, wherever it stands, relative to its own file', () => {
  const files = { 'd/b.conf': 'b', 'd/a.conf': 'a\ninclude sub/x', 'd/sub/x': 'x\n$V=1', 'd/.hidden.conf': 'no' };
  const result = run('include d/*.conf\nend $V\n', files);
  assert.equal(result.lines, ['a', 'x', 'b', 'end 1']);
  assert.equal(result.sources, ['main.conf', 'd/a.conf', 'd/sub/x', 'd/b.conf']);
});
test('an include of braces without end, or of the whole disk, is told and not gone into', () => {
  const deep = `include ${'{'.repeat(20_000)}a${'}'.repeat(20_000)}\n`;
  const many = `include ${'{}'.repeat(20_000)}\n`;
  const wide = `include ${'/*'.repeat(40)}\n`;
  const circle: FileReader = {
    ...memoryFiles({}),
    list: () => ['a', 'b'],
    stat: () => ({ kind: 'directory', mode: 0o755, uid: 0 }),
  };
  for (const text of [deep, many, wide]) {
    assert.equal(
      runWith(text, circle)
        .faults.map(fault => fault.split(' ')[1])
        .includes('include-too-deep'),
      true,
    );
  }
});
test('many stars in an include match as one does, and take no longer', () => {
  const name = `${'a'.repeat(200)}.conf`;
  const files = { [name]: 'x', 'b.conf': 'y', 'c[z-a]': 'z' };
  assert.equal(run(`include ${'*a'.repeat(40)}*\n`, files).lines, ['x']);
  assert.equal(run(`include ${'*a'.repeat(40)}b\n`, files).faults, ['hint include-missing 1']);
  assert.equal(run('include ?.con[^g]\ninclude c[z-a]\ninclude [ab]*f\n', files).lines, ['y', 'z', 'x', 'y']);
});
test('an include takes braces and sets', () => {
  const files = { a1: '1', a2: '2', b1: '3' };
  assert.equal(run('include {a,b}1\ninclude a[^1]\ninclude ?2\n', files).lines, ['1', '3', '2', '2']);
});
test('an include that finds nothing is a warning, and an error where a match is demanded', () => {
  const text =
    'include nothing.conf\ninclude *.none\nincludem nothing.conf\nincludem *.none\nincludew *.none\nincludeb {x,main}\nincludea *.none\n';
  const { faults } = run(text, { main: '' });
  assert.equal(faults, [
    'warning include-missing 1',
    'hint include-missing 2',
    'error include-missing 3',
    'hint include-missing 4',
    'error include-missing 5',
    'error include-missing 6',
    'error include-missing 7',
  ]);
});
test('an include that cannot be read is an error, and the rest is read', () => {
  const result = run('include secret.conf\nb\n', { 'secret.conf': 'DENIED' });
  assert.equal([result.lines, result.faults], [['b'], ['error include-unreadable 1']]);
});
test('any number of files may be included at once', () => {
  const files = Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`d/${1000 + index}`, 'include ../e']));
  assert.is(run('include d/*\n', { ...files, 'd/../e': 'x' }).lines.length, 700);
});
test('files that include themselves end', () => {
  const result = run('include loop\n', { loop: 'a\ninclude loop\n' });
  assert.ok(result.faults.includes('error include-too-deep 2'));
});
test('a byte order mark, carriage returns alone, a NUL and a very long line are survived', () => {
  assert.equal(run('\uFEFFa\n').lines, ['a']);
  assert.equal(run('a\rb\r').lines, ['a', 'b']);
  assert.equal(run('a\0x\nb').lines, ['a', 'b']);
  const long = run(`a ${'x'.repeat(3000)}\n`);
  assert.equal([long.lines[0]?.length, long.faults], [3002, ['warning line-too-long 1']]);
});
test('a backslash at the end of an ordinary line is reported and dropped', () => {
  assert.equal(run('lb_algo \\\nrr\n').faults, ['warning line-continuation 1']);
});
test(`an undefined variable is reported: keepalived trips over \${NAME} only`, () => {
  assert.equal(run(`a \${X}\nb $X\nc "\${X}"\n`).faults, [
    'warning undefined-variable 1',
    'warning undefined-variable 2',
    'hint undefined-variable 3',
  ]);
});
test('a line that no configuration has is an error and is not looked at', () => {
  const { lines, faults } = run(`a\n${'x'.repeat(65_537)}\nb\n`);
  assert.equal([lines, faults], [['a', 'b'], ['error line-too-long 2']]);
});
test('files that include one another twice each come to an end', () => {
  const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
  const files = Object.fromEntries(
    names.map((name, index) => [name, `include f${index + 1}\ninclude f${index + 1}\n`]),
  );
  const { lines, faults } = run('include f0\n', { ...files, f20: 'x\n' });
  assert.ok(lines.length < 10_000);
  assert.equal(faults, ['error include-too-deep 1']);
});
test('sequences within sequences come to an end', () => {
  const { lines, faults } = run('~SEQ(A, 1, 60000) ~SEQ(B, 1, 60000) x $A $B\n');
  assert.ok(lines.length > 100_000 && lines.length < 500_001);
  assert.equal(faults, ['error too-many-lines 1']);
});
test('what stands behind a brace is read as a line of its own', () => {
  assert.equal(run('a {\n} @lb2 b\n} @lb1 c\n').lines, ['a {', '}', '}', 'c']);
  assert.equal(run('a { $X=1\nb $X\n} include f\n', { f: 'inside\n' }).lines, ['a {', 'b 1', '}', 'inside']);
  assert.equal(run('a { ~SEQ(N, 1, 2) b $N\n').lines, ['a {', 'b 1', 'b 2']);
  assert.equal(run('a "{ @lb2 b" { c }\n').lines, ['a "{ @lb2 b" { c }']);
});
test('a NUL byte ends its line', () => {
  const { lines, faults } = run('router_id a\0b\nb\n');
  assert.equal([lines, faults], [['router_id a', 'b'], ['warning nul-byte 1']]);
});

test.run();
