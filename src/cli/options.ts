import { InvalidArgumentError, Option } from 'commander';
import { parseListen } from '../config/build/settings.ts';
import { ipvsModes } from '../model/config.ts';
import type { Ms } from '../model/time.ts';
import type { ListenAddress } from '../web/server.ts';
import { convertible } from './convertible.ts';
import { parseSpan } from './output/time.ts';

/** Where keepalived has its configuration, too. */
const defaultFile = '/etc/keepalived/keepalived.conf';
const defaultConfigId = 'checkalived';

// Of the settings, where no configuration is read.
export const defaultListen: ListenAddress = { address: '127.0.0.1', port: 9650 };
export const defaultStateDir = '/var/lib/checkalived';

// Made anew for every command: commander keeps state in them.
export const fileOption = (): Option =>
  new Option('-f, --file <file>', 'configuration, in the language of keepalived').default(defaultFile);
export const configIdOption = (): Option =>
  new Option('-i, --config-id <id>', 'lines that begin with @<id> are meant for us').default(defaultConfigId);
export const jsonOption = (): Option => new Option('--json', 'print JSON for programs').default(false);
export const lenientOption = (purpose = 'go on in spite of errors; servers concerned stay unchecked'): Option =>
  new Option('--lenient', purpose).default(false);
export const fromOption = (): Option =>
  new Option('--from <program>', 'whose configuration it is').choices(convertible).default('ldirectord');
export const blockOption = (): Option =>
  new Option(
    '--block <block>',
    'the block that it stands in, such as real_server; root is the root of the file',
  ).default(null, 'all');
export const listenOption = (purpose: string): Option =>
  new Option('--listen <addr:port>', purpose).argParser(readListen);
export const stateDirOption = (purpose: string): Option => new Option('--state-dir <dir>', purpose).argParser(readPath);
export const ipvsOption = (): Option =>
  new Option('--ipvs <mode>', "how IPVS is steered (default: the configuration's ipvs)").choices(ipvsModes);
export const logFormatOption = (): Option =>
  new Option('--log-format <format>', 'form of the log (default: text on a terminal, else json)').choices([
    'text',
    'json',
  ]);
export const onlyOption = (): Option =>
  new Option('--only <pattern>', 'only the checks that match').default(null, 'all');
export const sinceOption = (): Option =>
  new Option('--since <span>', 'how far to look back').argParser(readSince).default(86_400_000, '24h');
export const serverOption = (): Option =>
  new Option('--server <pattern>', 'only the servers that match').default(null, 'all');

export const forceOption = (): Option =>
  new Option('--force', 'overwrite files that differ from what is to be written').default(false);
export const runbooksOption = (): Option =>
  new Option('--runbooks <url>', 'where your runbooks are, in place of those of the project').argParser(readUrl);

/** What settings.listen takes, on the command line. */
function readListen(text: string): ListenAddress {
  const listen = parseListen(text);
  if (!listen) throw new InvalidArgumentError('It takes ADDR:PORT, such as 127.0.0.1:9650 or [::1]:9650.');
  return listen;
}

function readSince(text: string): Ms {
  const span = parseSpan(text);
  if (span === null) throw new InvalidArgumentError('It takes a number and a unit (s, m, h, d, w), such as 24h or 7d.');
  return span;
}

function readUrl(text: string): string {
  if (!/^https?:\/\/[^\s"']+$/.test(text))
    throw new InvalidArgumentError('It takes the address of a directory, such as https://wiki.example.net/runbooks/.');
  return text;
}

function readPath(text: string): string {
  if (text === '') throw new InvalidArgumentError('It takes the path of a directory.');
  return text;
}
