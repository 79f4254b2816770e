import { formatEndpoint } from '../../model/endpoint.ts';
import { type ConvertContext, findOwn } from './context.ts';
import type { CheckScope } from './method.ts';
import { block, disable, type Output, quoteCommand, remark, say } from './output.ts';
import type { Real } from './servers.ts';
import { clampTimeout, readTimeout, writeRetries } from './timing.ts';

const test = '/usr/bin/test';

/** The four arguments of ldirectord.in:check_external, as they were. */
export function writeScript(
  real: Real,
  command: readonly string[],
  line: number,
  scope: CheckScope,
  context: ConvertContext,
): Output {
  const { target, method } = scope;
  const bracket = (address: string) => (address.includes(':') ? `[${address}]` : address);
  const service =
    target.kind === 'fwmark' ? [String(target.mark), '0'] : [bracket(target.host.address), String(target.port)];
  const written = quoteCommand([...command, ...service, bracket(real.host.address), String(real.port)]);
  const timeout = readTimeout(scope, context);
  if (command.at(-1)?.includes(' ') === true) {
    context.notes.add(
      'warning',
      line,
      'ldirectord took the whole checkcommand for the name of a program, blanks included.',
      'Write program and arguments as they should be in misc_path.',
    );
  }
  const body = [
    say(`misc_path ${written ?? '"/bin/false"'}`, line),
    say(`misc_timeout ${clampTimeout(timeout, context)}`, ...timeout.from),
    ...writeRetries(scope, context),
  ];
  if (written !== null) return block('MISC_CHECK', body, ...method.from);
  context.notes.add(
    'error',
    line,
    'The checkcommand cannot be written in keepalived.conf: the check always fails.',
    'Give the script a name of plain letters.',
  );
  return block(
    'MISC_CHECK',
    [remark('warning: the command could not be written, so that this check always fails'), ...body],
    ...method.from,
  );
}

/** ldirectord.in:_check_real_for_maintenance, but for the names: a file of the address takes the server out at once. */
export function writeMaintenance(real: Real, context: ConvertContext): readonly Output[] {
  const directory = findOwn(context.file.globals, 'maintenancedir');
  if (directory === undefined) return [];
  const { notes } = context;
  const address = real.host.address.includes(':') ? `[${real.host.address}]` : real.host.address;
  const files = [formatEndpoint(real.host.address, real.port), address].map(name => `${directory.value}/${name}`);
  const command = quoteCommand([test, '!', '-e', files[0] ?? '', '-a', '!', '-e', files[1] ?? '']);
  const check = block(
    'MISC_CHECK',
    [say(`misc_path ${command ?? ''}`, directory.line), say('retry 0')],
    directory.line,
  );
  if (command !== null) {
    notes.add(
      'warning',
      directory.line,
      'Files of host names in maintenancedir have no effect; those of addresses, with and without port, have.',
      'Name the files by address, or set weight 0 and reload.',
    );
    return [check];
  }
  notes.add(
    'error',
    directory.line,
    'The path of maintenancedir cannot be written in keepalived.conf.',
    'Give the directory a name of plain letters.',
  );
  return [disable(check)];
}
