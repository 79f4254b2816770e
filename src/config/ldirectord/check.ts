import { formatEndpoint } from '../../model/endpoint.ts';
import { type ConvertContext, findOwn, findSetting, readNumber, type Timed } from './context.ts';
import { writeHttpCheck } from './http.ts';
import type { Method } from './method.ts';
import { block, disable, type Output, quoteCommand, remark, say, weakerCheck } from './output.ts';
import type { VirtualSection } from './parse.ts';
import type { Real, Target } from './servers.ts';

/** What the checks of one service have in common. */
export interface CheckScope {
  readonly section: VirtualSection;
  readonly target: Target;
  readonly method: Method;
  readonly interval: Timed;
}

/** keepalived takes no more for connect_timeout and misc_timeout. */
const longestTimeout = 4294;
const ping = '/usr/bin/ping';
const test = '/usr/bin/test';

/** The checkers of one real server. `port` = what the table has, 0 = none. */
export function writeChecks(real: Real, port: number, scope: CheckScope, context: ConvertContext): readonly Output[] {
  if (scope.method.how.kind === 'off') return [];
  return [...writeCheck(real, port, scope, context), ...writeMaintenance(real, context)];
}

function writeCheck(real: Real, port: number, scope: CheckScope, context: ConvertContext): readonly Output[] {
  const { how, from } = scope.method;
  switch (how.kind) {
    case 'off':
      return [];
    case 'on':
      return [remark('never checked, as before', ...from)];
    case 'always':
      return [remark('warning: never checked, as before', ...from)];
    case 'ping':
      return [...warnWeaker(how.weaker), writePing(real, scope, context), ...suggestDns(real, scope)];
    case 'script':
      return [writeScript(real, how.command, how.line, scope, context)];
    case 'tcp':
      return [
        ...warnWeaker(how.weaker),
        ...connecting('TCP_CHECK', [], real, port, scope, context),
        ...suggestDns(real, scope),
      ];
    case 'smtp':
      return connecting('SMTP_CHECK', [], real, port, scope, context);
    case 'http': {
      const { settings, body } = writeHttpCheck(real, how, scope, context);
      return connecting(how.checker, body, real, port, scope, context, settings);
    }
  }
}

function warnWeaker(weaker: boolean): readonly Output[] {
  return weaker ? [weakerCheck] : [];
}

/** keepalived alone has a checker for DNS; it sees that there is an answer, not which. */
function suggestDns(real: Real, { section, method }: CheckScope): readonly Output[] {
  const request = findOwn(section.settings, 'request');
  const name = real.check?.request ?? request?.value ?? '';
  if (method.service !== 'dns' || !/^\/?[A-Za-z_][\w.-]*$/.test(name)) return [];
  const line = real.check === null ? (request?.line ?? real.line) : real.line;
  return [disable(block('DNS_CHECK', [say('type A'), say(`name ${name.replace('/', '')}`, line)]))];
}

/** A checker that connects: port (ldirectord.in:ld_checkport), time limit, retries. */
function connecting(
  keyword: string,
  body: readonly Output[],
  real: Real,
  port: number,
  scope: CheckScope,
  context: ConvertContext,
  own: { readonly connect: readonly Output[]; readonly port: number | null } = { connect: [], port: null },
): readonly Output[] {
  const checkport = findOwn(scope.section.settings, 'checkport');
  const checked = own.port ?? (checkport ? Number(checkport.value) : real.port || scope.method.standardPort);
  if (checked === null) {
    const message = 'There is no port to check, and so ldirectord took this real server for dead.';
    context.notes.add('error', real.line, message, 'Write connect_port with the port to check.');
  }
  const written = checked ?? 1;
  const timeout = readTimeout(scope, context);
  const from = own.port === null && checkport !== undefined ? checkport.line : real.line;
  const same = written === port && own.connect.length === 0;
  return [
    block(
      keyword,
      [
        ...own.connect,
        ...(checked === null ? [remark('warning: the port to check is missing, so that this check always fails')] : []),
        ...(same
          ? checkport
            ? [remark(`checkport ${written} is the port of the real server`, from)]
            : []
          : [say(`connect_port ${written}`, from)]),
        say(`connect_timeout ${clampTimeout(timeout, context)}`, ...timeout.from),
        ...writeRetries(scope, context),
        ...body,
      ],
      ...scope.method.from,
    ),
  ];
}

/** Failures that are forgiven: one less than failurecount; ldirectord looks again at its usual interval. */
function writeRetries({ section, interval }: CheckScope, context: ConvertContext): readonly Output[] {
  const count = readNumber([findSetting(section, 'failurecount', context)], 1);
  const retry = Math.min(count.value - 1, 4_294_967_295);
  if (retry === 0) return [say('retry 0', ...count.from)];
  return [say(`retry ${retry}`, ...count.from), say(`delay_before_retry ${interval.value}`, ...interval.from)];
}

/** ldirectord.in:ld_setup: the two limits stand in for one another. */
function readTimeout({ section, method }: CheckScope, { file }: ConvertContext): Timed {
  const own = ['checktimeout', 'negotiatetimeout'].map(name => findOwn(section.settings, name));
  const global = ['checktimeout', 'negotiatetimeout'].map(name => findOwn(file.globals, name));
  return method.negotiates
    ? readNumber([...own.toReversed(), ...global.toReversed()], 30)
    : readNumber([...own, ...global], 5);
}

function clampTimeout({ value, from }: Timed, { notes }: ConvertContext): number {
  if (value <= longestTimeout) return value;
  for (const line of from) {
    notes.add(
      'warning',
      line,
      `The timeout is ${longestTimeout} seconds, the most that keepalived takes.`,
      'Write a shorter one.',
    );
  }
  return longestTimeout;
}

/** `ping -c N` succeeds when one of N is answered, as ldirectord's check does. */
function writePing(real: Real, scope: CheckScope, context: ConvertContext): Output {
  const count = readNumber([findSetting(scope.section, 'checkcount', context)], 1);
  const timeout = readTimeout(scope, context);
  const attempts = Math.min(count.value, 100);
  const wait = clampTimeout(timeout, context);
  const command = quoteCommand([ping, '-n', '-q', '-c', String(attempts), '-W', String(wait), real.host.address]);
  const from = [...scope.method.from, ...count.from];
  return block(
    'MISC_CHECK',
    [
      say(`misc_path ${command ?? '"/bin/false"'}`, ...from),
      say(`misc_timeout ${Math.min(attempts * wait + 1, longestTimeout)}`, ...timeout.from),
      ...writeRetries(scope, context),
    ],
    ...from,
  );
}

/** The four arguments of ldirectord.in:check_external, as they were. */
function writeScript(
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
  const line4 = quoteCommand([...command, ...service, bracket(real.host.address), String(real.port)]);
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
    say(`misc_path ${line4 ?? '"/bin/false"'}`, line),
    say(`misc_timeout ${clampTimeout(timeout, context)}`, ...timeout.from),
    ...writeRetries(scope, context),
  ];
  if (line4 !== null) return block('MISC_CHECK', body, ...method.from);
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
function writeMaintenance(real: Real, context: ConvertContext): readonly Output[] {
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
