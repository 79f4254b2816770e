import { describeChapters } from './blocks.ts';
import { heading, type Part, paragraph, terms } from './document.ts';
import { formatContents, formatParts, pageHead } from './markdown.ts';
import { loadProse } from './prose.ts';
import { formatManual } from './roff.ts';

const source = 'the keyword tables in src/config and checks';

/** docs/reference/configuration.md: the language, and every keyword of every block, from the reader's own tables. */
export function writeConfiguration(): string {
  const parts = [...loadProse('language'), ...describeChapters(), ...loadProse('examples')];
  return [
    `${pageHead('Configuration', source)}
The language of keepalived.conf in short, and every keyword that checkalived reads, block by block; the same as a manual
page is \`man checkalived.conf\`. What is reported in a file stands in [diagnostics](diagnostics.md), what is otherwise than in
keepalived in [differences](../differences.md).
`,
    formatContents(parts),
    formatParts(parts),
  ].join('\n');
}

/** docs/man/checkalived.conf.5. */
export function writeConfigurationManual(version: string): string {
  return formatManual({ name: 'checkalived.conf', section: 5, version, source }, [
    heading(1, 'Name'),
    paragraph('checkalived.conf - configuration of checkalived, in the language of keepalived.conf'),
    heading(1, 'Description'),
    paragraph(
      'checkalived reads the configuration that keepalived has, by default `/etc/keepalived/keepalived.conf`: its virtual servers, real servers and checkers, mail and scripts. What keepalived does not know, such as the block `checkalived` and calendars of checks, is written on lines that keepalived skips. `checkalived test` says what is wrong in a file, where, and what to write instead.',
    ),
    ...loadProse('language'),
    ...describeChapters(),
    ...loadProse('examples'),
    ...closingParts,
  ]);
}

const closingParts: readonly Part[] = [
  heading(1, 'Files'),
  terms([
    ['`/etc/keepalived/keepalived.conf`', 'The configuration, if `--file` does not name another one.'],
    ['`/var/lib/checkalived`', 'The database, if `state_dir` does not name another directory.'],
  ]),
  heading(1, 'See also'),
  paragraph('`checkalived`(8), `genhash`(1), `keepalived.conf`(5), `ipvsadm`(8)'),
];
