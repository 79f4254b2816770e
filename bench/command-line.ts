import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { BenchOptions } from './parts/bench.ts';
import { ratioParts } from './parts/ratio-parts.ts';

interface CommandLine {
  readonly parts: readonly string[];
  readonly options: BenchOptions;
  /** Write the figures to bench/results and bench/README.md. */
  readonly write: boolean;
}

/** Fewer rounds or shorter windows than these are for trying things out. */
const least = { rounds: 5, seconds: 6 } as const;

/** Reads the words behind `npm run bench --`; ends the process where they ask for help, or cannot be understood. */
export function createCommandLine(words: readonly string[]): CommandLine {
  const names = ratioParts.map(({ name }) => name);
  const program = new Command('npm run bench --')
    .description(
      'Let our whole agent, keepalived, HAProxy and blackbox_exporter do the same work in turn, and compare the CPU for ' +
        'each check. The machine must have two cores and nothing else to do.',
    )
    .helpOption('-h, --help', 'print this text')
    .addArgument(new Argument('[parts...]', 'what to measure').choices(names).default(names, 'all'))
    .addOption(new Option('--rounds <n>', 'windows for each contestant').argParser(readCount).default(5))
    .addOption(new Option('--seconds <n>', 'length of a window').argParser(readCount).default(7))
    .addOption(new Option('--warm <n>', 'seconds at full rate before a window').argParser(readCount).default(5))
    .addOption(
      new Option(
        '--profile <dir>',
        'instead: only our agent, a CPU profile of each window into this directory',
      ).default(null, 'none'),
    )
    .option('--no-write', 'leave bench/results and bench/README.md alone')
    .addHelpText('after', help());
  program.parse(words, { from: 'user' });
  const { write, ...options } = program.opts<BenchOptions & { write: boolean }>();
  const isTrial = options.rounds < least.rounds || options.seconds < least.seconds || options.profile !== null;
  return { parts: program.processedArgs[0] as string[], options, write: write && !isTrial };
}

function help(): string {
  const list = ratioParts.map(({ name, purpose }) => `  ${name.padEnd(8)}${purpose}`).join('\n');
  return `
Parts:
${list}

With fewer than ${least.rounds} rounds, or windows under ${least.seconds} s, nothing is written.

Examples:
  npm run bench                                         all parts, about half an hour
  npm run bench -- tcp --rounds 1 --seconds 3           a quick try
  npm run bench -- tcp --rounds 1 --profile /tmp/tcp    where does our time go?
`;
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It takes a number from 1 to 9999.');
  return Number(text);
}
