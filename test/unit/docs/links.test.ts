import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('docs/links');
const root = resolve(import.meta.dirname, '../../..');
const pages = [
  ...readdirSync(root).filter(name => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join('docs', name)),
];

for (const page of pages) {
  test(`${page} has no link that leads nowhere`, () => {
    for (const link of linksOf(readFileSync(join(root, page), 'utf8'))) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(root, page) : resolve(root, dirname(page), path);
      assert.ok(existsSync(target), `${link}: there is no ${relative(root, target)}`);
      if (anchor === undefined) continue;
      assert.ok(anchorsOf(readFileSync(target, 'utf8')).includes(anchor), `${link}: there is no such heading`);
    }
  });
}

test('README.md and ARCHITECTURE.md are among the pages', () => {
  assert.ok(pages.includes('README.md') && pages.includes('ARCHITECTURE.md'));
});

/** Links to our own files: neither to the web nor inside of code. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(match => match[1] ?? '')
    .filter(link => !/^(?:https?|mailto):/.test(link));
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.run();
