import { codeTable, type Diagnostic } from '../../src/config/diagnostics.ts';
import type { LintExample, LintRule } from '../../src/config/lint/rule.ts';
import { lintRules } from '../../src/config/lint/rules.ts';
import { code, formatTable, pageHead, wrap } from './markdown.ts';

interface CheckerCode {
  readonly severity: Diagnostic['severity'];
  readonly keepalived: boolean;
  readonly meaning: string;
}

/** What checkers report by codes of their own; a test compares this with their sources. */
export const checkerCodes: Readonly<Record<string, CheckerCode>> = {
  'bad-path': {
    severity: 'error',
    keepalived: false,
    meaning: 'A path cannot be sent by the HTTP client that words of ours in a url need.',
  },
  'bad-pattern': { severity: 'error', keepalived: false, meaning: 'PCRE2 does not understand a pattern.' },
  'bind-family': { severity: 'error', keepalived: true, meaning: 'bindto and the target are of different families.' },
  'bind-port-alone': { severity: 'warning', keepalived: false, meaning: 'bind_port has no effect without bindto.' },
  'ca-alone': { severity: 'warning', keepalived: false, meaning: 'ca has no effect without verify.' },
  'dns-name': { severity: 'error', keepalived: false, meaning: 'A name to ask for is too long to be one.' },
  'group-without-expect': {
    severity: 'error',
    keepalived: false,
    meaning: 'A send has a group of the last match, and no expect stands before it.',
  },
  'host-schedule': {
    severity: 'error',
    keepalived: false,
    meaning: 'retry and the like in a host of SMTP_CHECK are not supported.',
  },
  'link-local': { severity: 'error', keepalived: true, meaning: 'A link-local target needs an interface.' },
  'no-check-port': { severity: 'error', keepalived: false, meaning: 'There is no port to connect to.' },
  'no-misc-path': { severity: 'error', keepalived: true, meaning: 'A MISC_CHECK has no misc_path.' },
  'no-path': { severity: 'error', keepalived: true, meaning: 'A url has no path.' },
  'no-track-file': {
    severity: 'error',
    keepalived: true,
    meaning: 'A FILE_CHECK names no track_file that stands before.',
  },
  'no-url': { severity: 'error', keepalived: true, meaning: 'A HTTP_GET or SSL_GET has no url.' },
  'old-protocol': {
    severity: 'error',
    keepalived: false,
    meaning: 'http_protocol 1.0 stands beside words of ours that are said in HTTP/1.1 or 2.',
  },
  'regex-alone': { severity: 'warning', keepalived: false, meaning: 'A keyword for regex has no effect without one.' },
  'regex-offsets': { severity: 'error', keepalived: false, meaning: 'regex_min_offset is above regex_max_offset.' },
  'repeated-header': {
    severity: 'error',
    keepalived: false,
    meaning: 'A url has a header twice of which a request has one at the most, such as Host.',
  },
  'reply-length': { severity: 'error', keepalived: true, meaning: 'min_reply_length is above max_reply_length.' },
  'sni-alone': {
    severity: 'warning',
    keepalived: false,
    meaning: 'A TCP_CHECK has sni_name, and nothing in it speaks TLS.',
  },
  'tls-twice': {
    severity: 'error',
    keepalived: false,
    meaning: 'A TCP_CHECK comes to starttls on a connection that speaks TLS already.',
  },
};

/** docs/reference/diagnostics.md: every code that `checkalived test` prints. */
export function writeDiagnostics(): string {
  const head = ['Code', 'Severity', 'keepalived -t', 'Meaning'];
  return `${pageHead('Diagnostics', 'src/config/diagnostics.ts')}
\`checkalived test\` prints each fault with its code in brackets, where it stands, and what to write instead. An *error* would
leave a server unchecked or checked otherwise than written, and \`run\` refuses to start on it (\`--lenient\` starts all the
same). With a *warning* or a *hint* it starts. The severity here is the usual one: where a fault touches checking the
same code is an error, where it does not it may be a warning. The third column says whether keepalived 2.2.7 complains
too when it tests the file.

## Of the configuration

${formatTable(head, rowsOf(codeTable))}
## Of lint rules

${formatTable(head, rowsOf(Object.fromEntries(lintRules.map(rule => [rule.code, rule]))))}
## Of checkers

${formatTable(head, rowsOf(checkerCodes))}
## Lint rules one by one

Advice on configurations that can be read: nothing of it changes what is checked, and \`run\` starts in spite of it. With
\`--strict\` a warning makes \`test\` exit with 1; a hint never does.

${[...lintRules].sort(byCode).map(describeRule).join('\n')}`;
}

function byCode(a: LintRule, b: LintRule): number {
  return a.code < b.code ? -1 : 1;
}

function describeRule({ code: name, severity, keepalived, meaning, why, bad, good }: LintRule): string {
  const verdict = keepalived ? 'keepalived -t complains too' : 'keepalived -t has nothing to say';
  return `### ${name}

${meaning} *(${severity}; ${verdict})*

${wrap(why)}

Told of:

${describeExample(bad)}
In order:

${describeExample(good)}`;
}

function describeExample({ text, files = {}, addresses = [] }: LintExample): string {
  const around = [
    ...Object.entries(files).map(([path, { mode }]) => `${path} has the permissions ${mode.toString(8)}`),
    ...addresses.map(({ interface: device, address, prefix }) => `this host has ${address}/${prefix} on ${device}`),
  ];
  const where = around.length === 0 ? '' : `where ${around.join(', and ')}:\n\n`;
  return `${where}\`\`\`text\n${text}\`\`\`\n`;
}

function rowsOf(table: Readonly<Record<string, CheckerCode>>): string[][] {
  return Object.entries(table)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { severity, keepalived, meaning }]) => [code(name), severity, keepalived ? 'yes' : 'no', meaning]);
}
