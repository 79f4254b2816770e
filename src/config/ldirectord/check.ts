import { type ConvertContext, findOwn } from './context.ts';
import { writeDialogue } from './dialogue.ts';
import { writeHttpCheck } from './http.ts';
import type { CheckScope } from './method.ts';
import { writeMaintenance, writePing, writeScript } from './misc.ts';
import { block, disable, type Output, remark, say, weakerCheck } from './output.ts';
import type { Real } from './servers.ts';
import { clampTimeout, readTimeout, writeRetries } from './timing.ts';

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
    case 'dialogue':
      return connecting('TCP_CHECK', writeDialogue(real, scope, context), real, port, scope, context);
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
