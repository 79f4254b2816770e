import { type ConvertContext, findOwn, findSetting, readNumber } from './context.ts';
import { mailsOf } from './mail.ts';
import { type CheckScope, chooseMethod, type Method } from './method.ts';
import { block, disable, type Output, quoteCommand, remark, say, saysAny } from './output.ts';
import type { VirtualSection } from './parse.ts';
import { commonForwarding, writeReals } from './real.ts';
import { writePersistence, writeScheduler } from './scheduling.ts';
import { readReals, readTarget, type Target } from './servers.ts';
import { writeSorryServer } from './sorry-server.ts';

/** Makes one virtual_server; `seen` = the services so far, `mail` = whether any mail is sent. */
export function writeVirtual(
  section: VirtualSection,
  seen: Set<string>,
  mail: boolean,
  context: ConvertContext,
): Output {
  const { notes } = context;
  const before = notes.count();
  const target = readTarget(section, notes);
  const protocol = readProtocol(section, target, context);
  const reals = section.settings
    .filter(({ keyword }) => keyword.name === 'real' || keyword.name === 'real6')
    .flatMap(setting => readReals(setting, section.family, notes));
  const kind = commonForwarding(reals);
  const method = chooseMethod(section, target, protocol, context);
  noteLost(section, method, context);
  const scope: CheckScope = { section, target, method, interval: readInterval(section, context) };
  const silent = mail && !mailsOf(section, context);
  const servers = writeReals(reals, kind, silent, scope, context);
  const checked = saysAny(servers, ['connect_timeout', 'misc_path']);
  const timing = [say(`delay_loop ${scope.interval.value}`, ...scope.interval.from), say('warmup 0'), say('alpha')];

  const body: Output[] = [
    ...(checked ? timing : []),
    ...writeScheduler(section, context),
    say(`lb_kind ${kind}`),
    ...writeProtocol(section, target, protocol, context),
    ...writePersistence(section, context),
    ...writeQuiescent(section, context),
    ...writeSorryServer(section, target, kind, method, context),
    ...writeFallbackCommand(section, target, protocol, context),
    ...servers,
  ];
  const known = isKnown(section, target, protocol, seen, context);
  const works = servers.some(server => server.kind === 'block');
  if (!works) {
    notes.add(
      'error',
      section.head.line,
      'There is no usable real server; the virtual service is commented out.',
      'Write a real server with a numeric address.',
    );
  }
  const said = notes.since(before).filter(note => note.severity !== 'hint');
  const remarks = [
    ...['servicename', 'comment']
      .map(name => findOwn(section.settings, name))
      .filter(setting => setting !== undefined)
      .map(({ value, line }) => remark(value, line)),
    ...said.map(({ severity, line, message }) => remark(`${severity}: line ${line}: ${message}`)),
  ];
  const whole = block(headOf(target), [...remarks, ...body], section.head.line);
  return works && !known && (target.kind === 'fwmark' || target.host.fault === null) ? whole : disable(whole);
}

function headOf(target: Target): string {
  if (target.kind === 'fwmark') return `virtual_server fwmark ${target.mark}`;
  return `virtual_server ${target.host.address} ${target.port}`;
}

function readProtocol({ settings }: VirtualSection, target: Target, { notes }: ConvertContext): string {
  const written = findOwn(settings, 'protocol');
  const usual = target.kind === 'fwmark' ? 'fwm' : target.port === 53 ? 'udp' : 'tcp';
  if (written === undefined || (written.value === 'fwm') === (target.kind === 'fwmark')) return written?.value ?? usual;
  notes.add(
    'error',
    written.line,
    `This protocol does not go with the virtual service; it is ${usual}.`,
    'Write tcp or udp for an address, fwm for a firewall mark.',
  );
  return usual;
}

function writeProtocol(
  section: VirtualSection,
  target: Target,
  protocol: string,
  { notes }: ConvertContext,
): readonly Output[] {
  const written = findOwn(section.settings, 'protocol');
  const ops = findOwn(section.settings, 'ops');
  const from = written === undefined ? [] : [written.line];
  const lines: Output[] = [];
  if (target.kind === 'address') lines.push(say(`protocol ${protocol.toUpperCase()}`, ...from));
  else
    lines.push(
      say(`ip_family ${section.family}`, section.head.line),
      ...(written ? [remark('a firewall mark has no protocol', written.line)] : []),
    );
  if (ops?.value === 'yes' && protocol === 'udp') lines.push(say('ops', ops.line));
  else if (ops?.value === 'yes') {
    notes.add('hint', ops.line, 'ops is for UDP alone, and had no effect here.', 'Nothing is to be done.');
  }
  return lines;
}

function writeQuiescent(section: VirtualSection, context: ConvertContext): readonly Output[] {
  const quiescent = findSetting(section, 'quiescent', context);
  return quiescent?.value === 'yes' ? [say('inhibit_on_failure', quiescent.line)] : [];
}

/** ldirectord.in:do_fallback_command; keepalived knows no shell. */
function writeFallbackCommand(
  section: VirtualSection,
  target: Target,
  protocol: string,
  context: ConvertContext,
): readonly Output[] {
  const setting = findSetting(section, 'fallbackcommand', context);
  if (setting === undefined) return [];
  const { value, line } = setting;
  const address = target.kind === 'fwmark' ? '' : target.host.address;
  const service = `${address.includes(':') ? `[${address}]` : address}:${target.kind === 'fwmark' ? 0 : target.port}`;
  const command = value.split(/\s+/);
  const [down, up] = ['start', 'stop'].map(state => quoteCommand([...command, state, service, protocol]));
  if (down && up && !/[;&|<>`*?()]/.test(value))
    return [say(`quorum_down ${down}`, line), say(`quorum_up ${up}`, line)];
  context.notes.add(
    'error',
    line,
    'The fallbackcommand needs a shell, which keepalived does not start; it is left out.',
    'Put it in a script, and write quorum_down and quorum_up with its path.',
  );
  return [remark('warning: the fallbackcommand could not be written', line)];
}

function readInterval(section: VirtualSection, { file, notes }: ConvertContext) {
  const own = findOwn(section.settings, 'checkinterval');
  const forks = findOwn(file.globals, 'fork')?.value === 'yes';
  if (own !== undefined && !forks) {
    notes.add(
      'hint',
      own.line,
      'ldirectord does not look at this checkinterval without fork=yes.',
      `Write delay_loop ${own.value} if that is what was meant.`,
    );
  }
  return readNumber([forks ? own : undefined, findOwn(file.globals, 'checkinterval')], 10);
}

function isKnown(
  section: VirtualSection,
  target: Target,
  protocol: string,
  seen: Set<string>,
  { notes }: ConvertContext,
): boolean {
  const key = `${headOf(target)} ${protocol} ${target.kind === 'fwmark' ? section.family : ''}`;
  if (!seen.has(key)) {
    seen.add(key);
    return false;
  }
  notes.add(
    'error',
    section.head.line,
    'This virtual service stands twice; the second is commented out.',
    'Put the real servers of both into one.',
  );
  return true;
}

/** What was sent and expected in a check that nothing can do now. */
function noteLost({ settings }: VirtualSection, { how, negotiates, service }: Method, { notes }: ConvertContext): void {
  if (!negotiates || (how.kind !== 'tcp' && how.kind !== 'ping')) return;
  for (const { keyword, line, value } of settings) {
    const inReal = keyword.name.startsWith('real') && value.includes('"');
    if (
      !inReal &&
      !['request', 'receive', 'login', 'passwd', 'database', 'secret', 'virtualhost'].includes(keyword.name)
    )
      continue;
    const what = inReal ? 'What this real server is asked' : keyword.name;
    notes.add(
      'warning',
      line,
      `${what} belongs to the check of ${service}, which no checker does.`,
      `Give it to the script of a MISC_CHECK that speaks ${service}.`,
    );
  }
}
