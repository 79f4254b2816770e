import { commands } from '../../src/cli/help.ts';
import type { Io, Modules } from '../../src/cli/io.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import { systemClock } from '../../src/sys/clock.ts';
import { pageHead } from './markdown.ts';

/** docs/reference/command-line.md: the help texts as the program prints them, exit codes included. */
export async function writeCommandLine(): Promise<string> {
  const parts = [
    pageHead('Command line', 'the program itself (src/cli/help.ts, src/cli/program.ts)'),
    await section('checkalived', ['--help']),
  ];
  for (const name of Object.keys(commands))
    parts.push(await section(`checkalived ${name}`, [...name.split(' '), '--help']));
  return parts.join('\n');
}

async function section(title: string, words: readonly string[]): Promise<string> {
  const written: string[] = [];
  const exit = await runCommandLine(
    words,
    createIo(part => void written.push(part)),
    modules,
  );
  if (exit !== 0) throw new Error(`${title} --help ended with ${exit}`);
  return `## ${title}\n\n\`\`\`text\n${written
    .join('')
    .trim()
    .replace(/[ \t]+$/gm, '')}\n\`\`\`\n`;
}

/** A terminal of 100 columns without colours, so that the text is the same everywhere. */
function createIo(add: (text: string) => void): Io {
  const write = (text: string | Uint8Array): void => add(String(text));
  const output = { write, isTerminal: false, colours: false, columns: 100, rows: 24, closed: false };
  return {
    stdout: output,
    stderr: output,
    clock: systemClock,
    version: '',
    onSignal: () => () => {},
    onFault: () => () => {},
    openLog: () => notForHelp(),
  };
}

const modules: Modules = {
  load: () => notForHelp(),
  loadTree: () => notForHelp(),
  readFile: () => notForHelp(),
  checkers: [],
  sockets: { connect: () => notForHelp() },
  openContext: () => notForHelp(),
  compose: () => notForHelp(),
};

function notForHelp(): never {
  throw new Error('a help text needs nothing of this');
}
