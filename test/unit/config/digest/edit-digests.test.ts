import { Buffer } from 'node:buffer';
import * as assert from 'uvu/assert';
import { cutLines, editDigests, planDigestEdit } from '../../../../src/config/digest/edit-digests.ts';
import { findUrlPlaces } from '../../../../src/config/digest/url-places.ts';
import { suite } from '../../../support/suite.ts';
import { readText, readTextTree, realServer } from '../read-text.ts';

const test = suite('config/digest/edit-digests');
const digest = '5d41402abc4b2a76b9719d911017c592';
const old = '0123456789ABCDEF0123456789abcdef';

/** The files after the digest was put at every url; `false` where that cannot be done. */
function edit(text: string, files: Readonly<Record<string, string>> = {}) {
  const { config } = readText(text, { files });
  const { tree, sources } = readTextTree(text, { files });
  const find = findUrlPlaces(tree);
  const edits = config.virtualServers
    .flatMap(({ realServers }) => realServers)
    .flatMap(({ checks }) => checks)
    .flatMap(({ span, spec }) =>
      (spec as { urls: { path: string }[] }).urls.map(({ path }, index) => {
        const place = find(span, index, path);
        return place && planDigestEdit(place, cutLines(sources));
      }),
    );
  const edited = (file: string): string => {
    const bytes = Buffer.from(sources.get(file) ?? '').toString('latin1');
    const own = edits.flatMap(each => (each?.file === file ? [{ ...each, digest }] : []));
    return Buffer.from(editDigests(bytes, own), 'latin1').toString('utf8');
  };
  return { possible: edits.map(each => each !== null), edited };
}
/** A real server with such lines in its HTTP_GET. */
const get = (lines: string): string => realServer(`HTTP_GET {\n${lines}\n}`);

test('a digest that is not there comes below the path, with its indentation', () => {
  const text = get('  url {\n \t path /a   # über\n  }\nurl {\nstatus_code 200\npath "/b"\nvirtualhost x\n}');
  const { possible, edited } = edit(text);
  assert.equal(possible, [true, true]);
  assert.is(
    edited('main.conf'),
    text.replace('# über\n', `# über\n \t digest ${digest}\n`).replace('path "/b"\n', `path "/b"\ndigest ${digest}\n`),
  );
});

test('one that is there is replaced, and what stands around it stays', () => {
  for (const written of [old, `"${old}"`, 'wrong', '0']) {
    const text = get(`url {\n  path /a\n \tdigest   ${written}\t# of ${old}\n}`);
    const { possible, edited } = edit(text);
    // A digest that is none leaves no check to fetch with.
    if (possible.length === 0) continue;
    assert.equal(possible, [true]);
    assert.is(edited('main.conf'), text.replace(`   ${written}\t`, `   ${digest}\t`));
  }
});

test('line ends stay those of the line', () => {
  const text = get('url {\npath /a\n}\nurl {\npath /b\n}').replaceAll('\n', '\r\n').replace('/b\r\n', '/b\n');
  const { edited } = edit(text);
  assert.is(
    edited('main.conf'),
    text.replace('path /a\r\n', `path /a\r\ndigest ${digest}\r\n`).replace('path /b\n', `path /b\ndigest ${digest}\n`),
  );
});

test('included files are edited where the line stands', () => {
  const files = { 'url.conf': '\turl {\n\t\tpath /a\n\t}\n' };
  const { possible, edited } = edit(get('include url.conf'), files);
  assert.equal(possible, [true]);
  assert.is(edited('url.conf'), `\turl {\n\t\tpath /a\n\t\tdigest ${digest}\n\t}\n`);
  assert.is(edited('main.conf'), get('include url.conf'));
});

test('an edited file says the same but for the digest', () => {
  const text = get('url {\npath /a\n}');
  const specs = (written: string) =>
    readText(written).config.virtualServers[0]?.realServers[0]?.checks.map(
      ({ spec }) => (spec as { urls: { digest: string | null }[] }).urls,
    );
  const before = specs(text);
  const after = specs(edit(text).edited('main.conf'));
  assert.equal(
    after,
    before?.map(urls => urls.map(url => ({ ...url, digest }))),
  );
});

test('what is not alone on its line, or not in the file as it is read, is left alone', () => {
  for (const text of [
    get('url { path /a }'),
    get('url {\npath /a }'),
    get('url { path /a\n}'),
    get('url {\n@checkalived path /a\n}'),
    get('url {\n@^other path /a\n}'),
    get('url {\n~LST(P, /a) path $P\n}'),
    `$P=/a\n${get('url {\npath $P\n}')}`,
    `$P=path /a\n${get('url {\n$P\n}')}`,
    `$U= \\\nurl { \\\npath /a \\\n}\n${get('$U')}`,
    `$U= \\\nstatus_code 200 \\\npath /a\n${get('url {\n$U\n}')}`,
    `$D=${old}\n${get('url {\npath /a\ndigest $D\n}')}`,
    get(`url {\npath /a\n@checkalived digest ${old}\n}`),
  ]) {
    const { possible, edited } = edit(text);
    assert.equal(possible, [false], text);
    assert.is(edited('main.conf'), text);
  }
});

test('a url out of a sequence of whole servers has its one place in the file', () => {
  const files = { 'url.conf': 'url {\npath /a\n}\n' };
  const text = `$S= \\\nreal_server 10.0.0.$N 80 { \\\nHTTP_GET { \\\ninclude url.conf \\\n} \\\n}\nvirtual_server 10.0.0.1 80 {\nlb_kind NAT\nprotocol TCP\n~SEQ(N, 2, 3) $S\n}\n`;
  const { possible, edited } = edit(text, files);
  assert.equal(possible, [true, true]);
  assert.match(edited('url.conf'), `path /a\ndigest ${digest}\n`);
});

test.run();
