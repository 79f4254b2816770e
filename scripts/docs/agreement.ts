import { knownDifferences } from '../../test/differential/known-differences.ts';
import { code, formatTable, pageHead } from './markdown.ts';

/** docs/reference/agreement.md: where `checkalived test` and `keepalived -t` judge a file differently. */
export function writeAgreement(): string {
  const rows = knownDifferences.flatMap(({ reason, complains, files }) =>
    files.map(file => [code(file), complains, reason]),
  );
  const differences =
    rows.length > 0 ? formatTable(['File', 'Who alone complains', 'Why'], rows) : 'None is known at present.\n';
  return `${pageHead('Agreement with keepalived -t', 'test/differential/known-differences.ts')}
\`npm run test:differential\` has both programs read the same files and compares: does \`keepalived -t\` (2.2.7) end with another
exit code than 0, and has \`checkalived test --json\` a diagnostic with \`"keepalived": true\`? The files are

- *fixtures*: small cases of our own, in test/fixtures/config, with keepalived's verdict beside them;
- *malformed* and *corpus*: more cases, and files found in the wild. They are not part of this repository; where they are
  absent these sets are skipped;
- *samples*: the examples that Debian's package of keepalived brings along;
- *mutations*: 2,000 files that are made from all of those by one to three random changes. The seed is printed, and
  \`DIFFERENTIAL_SEED\` repeats a run.

Most mutations are of files that were bad before, and go on being bad: they show little. So those of files that both programs
found good are counted apart as well, and how often both were silent. Compared is whether a file is complained of, not where: after a brace that is missing
keepalived finds fault with lines that are read here as they were meant.

The run fails when less than 98 % of malformed and corpus together agree, less than 97 % of the mutations or of those of good files, when a
file of the first four sets differs that is not listed here, or when one that is listed no longer does.

What keepalived says about the machine is put aside and counted: interfaces that cannot be made for the test, names that DNS
does not resolve, users and routing tables that are not there. Where it complains of nothing else it has said nothing about
the language: after an interface or a name in DNS we must be silent too, after the others (they hide what comes after them,
or both programs look at the same disk) either opinion counts as agreement, and so it does when keepalived does not end.

## Known differences

${differences}
## What mutations still show

Of 10,000 mutations 9 differed when this was written (99.91 %), of 2,274 mutations of good files one, which is mended; every run prints its own
figures and groups what differs. Met were:

- a command without a path that is not in PATH: keepalived drops the script first and misses enable_script_security only for
  what is left; \`script-security\` looks at every command;
- a file whose lines end with carriage returns only: read here line by line, there as one long line, in which there may be nothing wrong;
- a NUL byte that cuts a line in the middle of a name in DNS, or right behind \`include\`;
- a multi-line definition with other definitions in its value;
- list blocks of the root without their brace: always told here, only logged there;
- words behind \`inet\` or \`inet6\` in routes and rules, of which 2.2.7 swallows one, and a second MAC address of use_vmac.
`;
}
