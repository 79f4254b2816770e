import { type Command, InvalidArgumentError, Option } from 'commander';
import { digestAlgorithms } from '../../checks/http-dialogue.ts';
import { httpProtocols } from '../../checks/http-request.ts';
import { canonicalAddress } from '../config/values/addresses.ts';
import type { Ms } from '../model/time.ts';
import type { GenhashOptions } from './commands/genhash.ts';
import type { ConfigDigestOptions } from './commands/genhash-config.ts';
import { printConfigDigests, printDigest } from './commands-on-use.ts';
import type { Io, Modules } from './io.ts';
import { configIdOption, lenientOption } from './options.ts';

/** keepalived counts microseconds in 32 bits: an hour and 12 minutes. */
const longest: Ms = 4_294_967;
const largestMark = 2 ** 32 - 1;

/** The options of keepalived's genhash (check_genhash.c:check_genhash_parse_cmdline), and ours. */
export function addGenhashOptions(command: Command): Command {
  return command
    .addOption(new Option('-s, --server <host>', 'the server: an address, or a name').argParser(readServer))
    .addOption(new Option('-p, --port <port>', 'its port').argParser(readPort))
    .option('-u, --url <path>', 'what to fetch, sent as written: /index.html')
    .option('-S, --use-ssl', 'over TLS; the certificate is not verified', false)
    .option('-I, --use-sni', 'send the name of -V in the TLS handshake (SNI)', false)
    .option('-V, --use-virtualhost <name>', 'Host header, sent as written (default: address and port)')
    .addOption(
      new Option('-P, --protocol <version>', 'version of HTTP in the request; 1.0C is 1.0 with Connection: close')
        .choices(httpProtocols)
        .default('1.0'),
    )
    .addOption(
      new Option('-t, --timeout <seconds>', 'whole seconds for connecting, and as many again for the whole answer')
        .argParser(readTimeout)
        .default(longest, '4294'),
    )
    .addOption(
      new Option('-m, --fwmark <mark>', 'mark on the packets (SO_MARK); needs CAP_NET_ADMIN')
        .argParser(readMark)
        .default(0),
    )
    .addOption(
      new Option('-H, --hash <algorithm>', 'which digest; HTTP_GET compares md5')
        .choices(digestAlgorithms)
        .default('md5'),
    )
    .option('-v, --verbose', 'print header and body too, as they come', false)
    .addOption(
      new Option('--config <file>', 'fetch every url of this configuration instead of one').conflicts([...ofOneUrl]),
    )
    .addOption(configIdOption())
    .addOption(lenientOption())
    .option('--write', 'put the digests into the configuration', false);
}

/** What has no meaning with --config, where the configuration says it. */
const ofOneUrl = [
  'server',
  'port',
  'url',
  'useSsl',
  'useSni',
  'useVirtualhost',
  'protocol',
  'timeout',
  'fwmark',
  'hash',
  'verbose',
] as const;
const mandatory = ['server', 'port', 'url'] as const;
const withConfig = ['configId', 'lenient', 'write'] as const;

/** The options as they are read. */
export interface GenhashWords
  extends Omit<GenhashOptions, (typeof mandatory)[number]>,
    Omit<ConfigDigestOptions, 'file'> {
  readonly server?: string;
  readonly port?: number;
  readonly url?: string;
  readonly config?: string;
}

/** Does what the options say; refuses those that do not go together. */
export function runGenhashCommand(words: GenhashWords, command: Command, io: Io, modules: Modules): Promise<number> {
  const { server, port, url, config, ...rest } = words;
  if (config !== undefined) return printConfigDigests({ ...rest, file: config }, io, modules);
  const stray = withConfig.find(name => command.getOptionValueSource(name) !== 'default');
  if (stray !== undefined) command.error(`error: option '${flagsOf(command, stray)}' needs --config <file>`);
  if (server === undefined || port === undefined || url === undefined) {
    const missing = mandatory.find(name => words[name] === undefined) ?? 'server';
    const told = `error: required option '${flagsOf(command, missing)}' not specified`;
    return command.error(`${told}; --config takes all from a configuration`);
  }
  return printDigest({ ...rest, server, port, url }, io, modules);
}

function flagsOf(command: Command, name: string): string {
  return command.options.find(option => option.attributeName() === name)?.flags ?? name;
}

/** Names have a letter; keepalived takes 10.0.0.2/24 for 10.0.0.2. */
function readServer(text: string): string {
  const address = canonicalAddress(text);
  if (address !== null) return address;
  if (/^(?=.*[a-z])[\w.-]{1,253}$/i.test(text)) return text;
  throw new InvalidArgumentError('It takes an address, such as 10.0.0.2 or 2001:db8::2, or the name of a host.');
}

function readPort(text: string): number {
  const port = readWhole(text);
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('It takes a number from 1 to 65535.');
  return port;
}

function readTimeout(text: string): Ms {
  const seconds = readWhole(text);
  if (seconds < 1 || seconds > 4294) throw new InvalidArgumentError('It takes whole seconds, 1 to 4294.');
  return seconds * 1000;
}

function readMark(text: string): number {
  const mark = readWhole(text);
  if (mark < 0 || mark > largestMark) throw new InvalidArgumentError(`It takes a number from 0 to ${largestMark}.`);
  return mark;
}

/** -1: it is no whole number. */
function readWhole(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : -1;
}
