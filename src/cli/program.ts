import { Argument, Command, CommanderError, Help } from 'commander';
import { formatAddress } from '../web/server.ts';
import type { CheckOptions } from './commands/check.ts';
import type { ConvertOptions } from './commands/config-convert.ts';
import type { DiffOptions } from './commands/config-diff.ts';
import type { ExplainOptions } from './commands/config-explain.ts';
import type { PrintOptions } from './commands/config-print.ts';
import type { TrackfileOptions } from './commands/config-trackfile.ts';
import type { DemoOptions } from './commands/demo.ts';
import type { ExportOptions, RulesOptions } from './commands/export.ts';
import type { HistoryOptions } from './commands/history.ts';
import type { RunOptions } from './commands/run.ts';
import type { StatusOptions } from './commands/status.ts';
import type { TestOptions } from './commands/test.ts';
import {
  checkOnce,
  convertConfig,
  diffConfigFiles,
  explainConfig,
  printCompletion,
  printConfigText,
  printTrackfileBlocks,
  runAgent,
  runDemo,
  showHistory,
  showStatus,
  testConfig,
  writeDashboards,
  writeRules,
} from './commands-on-use.ts';
import { type Shell, shells } from './completion/shells.ts';
import { addGenhashOptions, type GenhashWords, runGenhashCommand } from './genhash-options.ts';
import * as help from './help.ts';
import type { Io, Modules } from './io.ts';
import {
  blockOption,
  configIdOption,
  defaultListen,
  defaultStateDir,
  fileOption,
  forceOption,
  fromOption,
  ipvsOption,
  jsonOption,
  lenientOption,
  listenOption,
  logFormatOption,
  onlyOption,
  runbooksOption,
  serverOption,
  sinceOption,
  stateDirOption,
} from './options.ts';

/** Reads the command line (without node and script) and does what it says; resolves to the exit code. */
export async function runCommandLine(words: readonly string[], io: Io, modules: Modules): Promise<number> {
  let exit: Promise<number> = Promise.resolve(0);
  const program = createProgram(io, modules, code => {
    exit = code;
  });
  // help knows one level of commands; those of config are on the second.
  const [verb, ...path] = words;
  const asked = verb === 'help' && path.length > 0 ? [...path, '--help'] : words;
  const [first = ''] = asked;
  const names = program.commands.map(command => command.name());
  if (first !== '' && !first.startsWith('-') && first !== 'help' && !names.includes(first)) {
    io.stderr.write(
      `checkalived: no command is called ${first}; there are ${names.join(', ')} (see checkalived --help)\n`,
    );
    return 1;
  }
  return (await parse(program, asked)) ?? exit;
}

/** The same for the program genhash, which is the command of that name. */
export async function runGenhash(words: readonly string[], io: Io, modules: Modules): Promise<number> {
  let exit: Promise<number> = Promise.resolve(0);
  const program = describe(writeTo(new Command('genhash'), io), 'genhash', 1);
  addGenhashOptions(program).action((options: GenhashWords, command: Command) => {
    exit = runGenhashCommand(options, command, io, modules);
  });
  return (await parse(program, words)) ?? exit;
}

/** The exit code if the command line alone decides it: help, or what cannot be understood. */
async function parse(program: Command, words: readonly string[]): Promise<number | null> {
  try {
    await program.parseAsync(words, { from: 'user' });
    return null;
  } catch (fault) {
    if (fault instanceof CommanderError) return fault.exitCode;
    throw fault;
  }
}

/** The commands and their options; `settle` takes the exit code of the one that is run. */
export function createProgram(io: Io, modules: Modules, settle: (exit: Promise<number>) => void): Command {
  const program = writeTo(new Command('checkalived'), io)
    .description(help.program.purpose)
    .version(io.version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this text')
    .helpCommand('help [command]', 'print the help of a command')
    // Behind the command's name -v is the command's.
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', help.program.after);

  const add = (
    name: keyof typeof help.commands,
    usage: number,
    { parent = program, isDefault = false } = {},
  ): Command => describe(parent.command(name.split(' ').at(-1) ?? name, { isDefault }), name, usage);

  add('run', 1, { isDefault: true })
    .addOption(fileOption())
    .addOption(configIdOption())
    .addOption(ipvsOption())
    .addOption(stateDirOption("directory of checkalived.db (default: the configuration's state_dir)"))
    .addOption(listenOption("where the API listens (default: the configuration's listen)"))
    .addOption(logFormatOption())
    .option('--dry-run', 'log what would be written to IPVS, and do not write it', false)
    .option('--dont-release-ipvs', 'mode manage: leave our services in the table when stopping', false)
    .addOption(lenientOption())
    .action((options: Omit<RunOptions, 'releaseIpvs'> & { readonly dontReleaseIpvs: boolean }) =>
      settle(runAgent({ ...options, releaseIpvs: !options.dontReleaseIpvs }, io, modules)),
    );
  add('test', 2)
    .addOption(fileOption())
    .addOption(configIdOption())
    .addOption(jsonOption())
    .option('--strict', 'warnings count as errors', false)
    .option('--timing', 'show how long each check needs to see that its server is dead, or well again', false)
    .action((options: TestOptions) => settle(testConfig(options, io, modules)));
  add('check', 3)
    .addOption(fileOption())
    .addOption(configIdOption())
    .addOption(jsonOption())
    .addOption(onlyOption())
    .addOption(lenientOption())
    .option('--plan', 'say how many probes the checks are, and why not fewer; run nothing', false)
    .action((options: CheckOptions) => settle(checkOnce(options, io, modules)));
  const config = add('config', 2).helpCommand('help [command]', 'print the help of a command');
  add('config print', 2, { parent: config })
    .addOption(fileOption())
    .addOption(configIdOption())
    .addOption(lenientOption('print in spite of errors, without what they concern'))
    .action((options: PrintOptions) => settle(printConfigText(options, io, modules)));
  add('config convert', 2, { parent: config })
    .argument('<file>', 'what to convert, such as /etc/ha.d/ldirectord.cf')
    .addOption(fromOption())
    .action((file: string, options: Omit<ConvertOptions, 'file'>) =>
      settle(convertConfig({ ...options, file }, io, modules)),
    );
  add('config diff', 2, { parent: config })
    .argument('<old>', 'the configuration of now')
    .argument('<new>', 'the one to come')
    .addOption(configIdOption())
    .addOption(jsonOption())
    .addOption(lenientOption())
    .action((before: string, after: string, options: Omit<DiffOptions, 'before' | 'after'>) =>
      settle(diffConfigFiles({ ...options, before, after }, io, modules)),
    );
  add('config explain', 2, { parent: config })
    .argument('<keyword>', 'such as delay_loop or TCP_CHECK')
    .addOption(blockOption())
    .addOption(jsonOption())
    .action((keyword: string, options: Omit<ExplainOptions, 'keyword'>) =>
      settle(explainConfig({ ...options, keyword }, io, modules)),
    );
  add('config trackfile', 2, { parent: config })
    .addOption(fileOption())
    .addOption(configIdOption())
    .addOption(stateDirOption("state directory of the agent (default: the configuration's state_dir)"))
    .action((options: TrackfileOptions) => settle(printTrackfileBlocks(options, io, modules)));
  add('status', 3)
    .addOption(jsonOption())
    .option('--watch', 'again each second, until Ctrl-C', false)
    .addOption(listenOption('where the agent listens').default(defaultListen, formatAddress(defaultListen)))
    .action((options: StatusOptions) => settle(showStatus(options, io)));
  add('history', 1)
    .addOption(jsonOption())
    .addOption(sinceOption())
    .addOption(serverOption())
    .addOption(stateDirOption('directory of checkalived.db').default(defaultStateDir))
    .action((options: HistoryOptions) => settle(showHistory(options, io)));
  add('dashboards', 1)
    .argument('<dir>', 'where they are written to; it is made')
    .addOption(forceOption())
    .action((directory: string, options: Omit<ExportOptions, 'directory'>) =>
      settle(writeDashboards({ ...options, directory }, io, modules)),
    );
  add('rules', 1)
    .argument('<dir>', 'where they are written to; it is made')
    .addOption(forceOption())
    .addOption(runbooksOption())
    .action((directory: string, options: Omit<RulesOptions, 'directory'>) =>
      settle(writeRules({ ...options, directory }, io, modules)),
    );
  add('demo', 1)
    .addOption(stateDirOption('keep the state here (default: a temporary directory, removed at the end)'))
    .addOption(listenOption('where the API listens (default: 127.0.0.1:9650, or a free port)'))
    .action((options: DemoOptions) => settle(runDemo(options, io, modules)));
  addGenhashOptions(add('genhash', 1)).action((options: GenhashWords, command: Command) =>
    settle(runGenhashCommand(options, command, io, modules)),
  );
  add('completion', 1)
    .addArgument(new Argument('<shell>', 'the shell that is to complete').choices(shells))
    .action((shell: Shell) => settle(printCompletion(shell, program, io, modules.checkers)));
  return program;
}

/** What is written goes to `io`, under the name of the program. */
function writeTo(program: Command, io: Io): Command {
  return (
    program
      .configureOutput({
        writeOut: text => io.stdout.write(text),
        writeErr: text => io.stderr.write(text),
        outputError: (text, write) => write(text.replace(/^error: /, `${program.name()}: `)),
        getOutHelpWidth: () => Math.min(io.stdout.columns, 100),
        getErrHelpWidth: () => Math.min(io.stderr.columns, 100),
        getOutHasColors: () => io.stdout.colours,
        getErrHasColors: () => io.stderr.colours,
      })
      // That a switch is off by default goes without saying.
      .configureHelp({
        optionDescription: option => (option.isBoolean() ? option.description : new Help().optionDescription(option)),
      })
  );
}

/** `usage`: exit code of a command line that cannot be understood. */
function describe(command: Command, name: keyof typeof help.commands, usage: number): Command {
  const { purpose, after } = help.commands[name];
  const path = command.parent ? `checkalived ${name}` : name;
  return command
    .description(purpose)
    .helpOption('-h, --help', 'print this text')
    .addHelpText('after', after)
    .showHelpAfterError(`(see ${path} --help)`)
    .exitOverride(({ code, exitCode, message }) => {
      throw new CommanderError(exitCode === 0 ? 0 : usage, code, message);
    });
}
