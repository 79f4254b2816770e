import { type Command, InvalidArgumentError, Option } from 'commander';
import { httpProtocols } from '../../checks/http-request.ts';
import { canonicalAddress } from '../config/values/addresses.ts';
import type { Ms } from '../model/time.ts';

/** keepalived counts microseconds in 32 bits: an hour and 12 minutes. */
const longest: Ms = 4_294_967;

/** The options of keepalived's genhash (check_genhash.c:check_genhash_parse_cmdline). */
export function addGenhashOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-s, --server <address>', 'address of the server, IPv4 or IPv6')
        .argParser(readServer)
        .makeOptionMandatory(),
    )
    .addOption(new Option('-p, --port <port>', 'its port').argParser(readPort).makeOptionMandatory())
    .requiredOption('-u, --url <path>', 'what to fetch, sent as written: /index.html')
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
      new Option('-m, --fwmark <mark>', 'not supported: the packets cannot be marked, so only 0 is taken').argParser(
        readMark,
      ),
    )
    .option('-v, --verbose', 'print header and body too, as they come', false);
}

function readServer(text: string): string {
  const address = canonicalAddress(text);
  if (address === null) throw new InvalidArgumentError('It takes a numeric address, such as 10.0.0.2 or 2001:db8::2.');
  return address;
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
  if (readWhole(text) !== 0) {
    throw new InvalidArgumentError(
      'Packets cannot be marked here: leave it out, and use a routing rule for that address.',
    );
  }
  return 0;
}

/** -1: it is no whole number. */
function readWhole(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : -1;
}
