import { spawnSync } from 'node:child_process';
import * as assert from 'uvu/assert';
import { example, heading, paragraph, terms } from '../../../scripts/docs/document.ts';
import { generatePages } from '../../../scripts/docs/pages.ts';
import { formatManual } from '../../../scripts/docs/roff.ts';
import { suite } from '../../support/suite.ts';

const test = suite('docs/roff');
const title = { name: 'probe', section: 1, version: '1.2.3', source: 'a test' } as const;
const manuals = [...generatePages()].filter(([path]) => path.startsWith('docs/man/'));

test('a manual page has its title, its section and the version of the program', () => {
  assert.match(formatManual(title, [heading(1, 'Name')]), /^\.TH PROBE 1 \d{4}-\d\d-\d\d "checkalived 1\.2\.3"$/m);
});

test('a line never begins with a dot or an apostrophe of the text', () => {
  const words = Array.from({ length: 200 }, (_, index) => (index % 2 ? `.word${index}` : `'tis`));
  const written = formatManual(title, [paragraph(words.join(' ')), example(".dot\n'quote\n-dash")]);
  for (const line of written.split('\n').filter(text => /^[.']/.test(text)))
    assert.match(line, /^\.(?:\\"|TH|nh|ad|RS|EX|EE|RE|PP)/, line);
});

test('backslashes, carets, tildes and quotes are printed as they stand, in both renderers', () => {
  const text = 'a\\b ^c ~d "e" \'f\' --g `h`';
  for (const printed of renderAll(formatManual(title, [heading(1, 'Name'), paragraph('probe - a'), example(text)])))
    assert.ok(printed.includes(text), printed);
});

test('a hyphen of an option is one of the keyboard, that of prose is none', () => {
  assert.match(
    formatManual(title, [paragraph('well-known `--dry-run`, -x')]),
    'well-known \\fB\\-\\-dry\\-run\\fR, \\-x',
  );
});

test('what is typed is never hyphenated', () => {
  const written = formatManual(title, [paragraph('`delay_loop 5` of virtual_server and `ab`')]);
  assert.match(written, '\n\\fB\\%delay_loop 5\\fR of \\%virtual_server and \\fBab\\fR\n');
});

test('terms may hold marked and plain text', () => {
  assert.match(formatManual(title, [terms([['`-f` *file*', 'A file.']])]), '.TP\n\\fB\\-f\\fR \\fIfile\\fR\nA file.\n');
});

test('arguments stand behind their keyword, but long ones below it', () => {
  const entry = { name: 'key', default: '', since: '1.2.3', meaning: 'A meaning.' };
  const write = (words: string) =>
    formatManual(title, [{ kind: 'keywords', entries: [{ ...entry, arguments: words }] }]);
  assert.match(write('`N`'), '.TP\n\\fBkey\\fR \\fBN\\fR\nA meaning. Since keepalived 1.2.3.\n');
  const long = 'a '.repeat(30).trim();
  assert.match(write(long), `.TP\n\\fBkey\\fR\nArguments: ${long}.`);
});

for (const [path, text] of manuals) {
  test(`${path} gives no cause for complaint to mandoc and man`, () => {
    const lint = run('mandoc', ['-Tlint', '-Wall'], text);
    if (lint) assert.is(lint.stdout + lint.stderr, '');
    const groff = run('man', ['--warnings=w', '-l', '-'], text);
    if (groff) assert.is(groff.stderr, '');
  });

  test(`${path} has a name that the index of manual pages can read`, () => {
    assert.match(text, /^\.SH NAME\n[a-z.]+ - \S/m);
  });
}

/** As man-db and mandoc print it, those of them that are here. */
function renderAll(text: string): readonly string[] {
  return [run('mandoc', ['-Tutf8'], text), run('man', ['-l', '-'], text)].flatMap(done => (done ? [done.stdout] : []));
}

/** null, with a message, where there is no such program. */
function run(program: string, words: readonly string[], input: string): { stdout: string; stderr: string } | null {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '100', MANPAGER: 'cat' };
  const { error, stdout, stderr } = spawnSync(program, words, { input, encoding: 'utf8', env });
  if (!error) return { stdout, stderr };
  console.log(`${program} is not here: the manual pages are not shown to it`);
  return null;
}

test.run();
