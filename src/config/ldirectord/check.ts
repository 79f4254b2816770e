import { type ConvertContext, findOwn } from './context.ts';
import { writeDialogue } from './dialogue.ts';
import { writeDnsCheck } from './dns.ts';
import { writeHttpCheck } from './http.ts';
import type { CheckScope } from './method.ts';
import { writeMaintenance, writeScript } from './misc.ts';
import { block, type Output, remark, say, weakerCheck } from './output.ts';
import { writePing } from './ping.ts';
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
      return [...warnWeaker(how.weaker), writePing(scope, context)];
    case 'script':
      return [writeScript(real, how.command, how.line, scope, context)];
    case 'tcp':
      return [...warnWeaker(how.weaker), ...connecting('TCP_CHECK', [], real, port, scope, context)];
    case 'dialogue':
      return connecting('TCP_CHECK', writeDialogue(real, scope, context), real, port, scope, context);
    case 'dns': {
      const body = writeDnsCheck(real, how.transport, scope, context);
      return connecting('DNS_CHECK', body, real, port, scope, context);
    }
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
