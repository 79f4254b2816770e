import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { BenchOptions } from './parts/bench.ts';
import type { Part } from './parts/part.ts';
import { parts, usualParts } from './parts/parts.ts';

interface CommandLine {
  readonly parts: readonly Part[];
  readonly options: BenchOptions;
  /** A directory for CPU profiles of our agent, in place of figures. */
  readonly profile: string | null;
  /** Write the figures to bench/results and bench/README.md. */
  readonly write: boolean;
}

/** Fewer rounds or shorter windows than these are for trying things out. */
const least = { rounds: 5, seconds: 6 } as const;

/** Reads the words behind `npm run bench --`; ends the process where they ask for help, or cannot be understood. */
export function readCommandLine(words: readonly string[]): CommandLine {
  const names = parts.map(({ name }) => name);
  const program = new Command('npm run bench --')
    .description(
      'Let our whole agent, keepalived, HAProxy and blackbox_exporter do the same work in turn, and compare the CPU for ' +
        'each check. The machine must have two cores and nothing else to do.',
    )
    .helpOption('-h, --help', 'print this text')
    .addArgument(new Argument('[parts...]', 'what to measure').choices(names).default(usualParts, usualParts.join(' ')))
    .addOption(new Option('--rounds <n>', 'windows for each contestant').argParser(readCount).default(5))
    .addOption(new Option('--seconds <n>', 'length of a window').argParser(readCount).default(7))
    .addOption(new Option('--warm <n>', 'seconds at full rate before a window').argParser(readCount).default(12))
    .addOption(
      new Option(
        '--profile <dir>',
        'instead: only our agent, a CPU profile of each window into this directory',
      ).default(null, 'none'),
    )
    .option('--no-write', 'leave bench/results and bench/README.md alone')
    .addHelpText('after', help());
  program.parse(words, { from: 'user' });
  const { write, profile, ...options } = program.opts<BenchOptions & { write: boolean; profile: string | null }>();
  const wanted = program.processedArgs[0] as readonly string[];
  const isTrial = options.rounds < least.rounds || options.seconds < least.seconds;
  return { parts: parts.filter(({ name }) => wanted.includes(name)), options, profile, write: write && !isTrial };
}

function help(): string {
  const list = parts.map(({ name, purpose }) => `  ${name.padEnd(8)}${purpose}`).join('\n');
  return `
Parts:
${list}

With fewer than ${least.rounds} rounds, or windows under ${least.seconds} s, nothing is written.

Examples:
  npm run bench                                         us beside the others, 40 minutes
  npm run bench -- tcp --rounds 1 --seconds 3           a quick try
  npm run bench -- start store metrics soak growth      our agent alone, another half
  npm run bench -- tcp --rounds 1 --profile /tmp/tcp    where does our time go?
`;
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It takes a number from 1 to 9999.');
  return Number(text);
}
