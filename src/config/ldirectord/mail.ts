import { type ConvertContext, findOwn, findSetting } from './context.ts';
import { block, type Output, say } from './output.ts';
import type { Setting, VirtualSection } from './parse.ts';

const addressForm = /^[\w.+%=~^&'*/?|-]+(@[\w.-]+)?$/;

/** Whether ldirectord mails when a real server of this service changes. */
export function mailsOf(section: VirtualSection, context: ConvertContext): boolean {
  const status = findSetting(section, 'emailalertstatus', context);
  const states = status?.value.split(/[,\s]+/) ?? ['all'];
  return (
    findSetting(section, 'emailalert', context) !== undefined && (states.includes('all') || states.includes('running'))
  );
}

/** The mail of global_defs: keepalived has one list of addresses and one server for the whole file. */
export function writeMail(context: ConvertContext): readonly Output[] {
  const { file, notes } = context;
  noteStates(context);
  const mailing = file.virtuals.filter(section => mailsOf(section, context));
  const settings = [...new Set(mailing.map(section => findSetting(section, 'emailalert', context)))];
  const recipients = settings
    .filter(setting => setting !== undefined)
    .flatMap(setting => readRecipients(setting, context));
  if (recipients.length === 0) return [];
  if (settings.length > 1) {
    for (const setting of settings) {
      const line = setting?.line ?? 0;
      notes.add(
        'warning',
        line,
        'keepalived has one list of addresses for the whole file: all get all mail.',
        'Sort it by subject, or use notify_up and notify_down of each real server.',
      );
    }
  }
  const byAddress = new Map<string, number[]>();
  for (const { address, line } of recipients) byAddress.set(address, [...(byAddress.get(address) ?? []), line]);
  return [
    block(
      'notification_email',
      [...byAddress].map(([address, lines]) => say(address, ...lines)),
    ),
    ...writeSender(context),
    ...writeServer(mailing, recipients[0]?.line ?? 1, context),
  ];
}

function noteStates({ file, notes }: ConvertContext): void {
  for (const settings of [file.globals, ...file.virtuals.map(section => section.settings)]) {
    const status = findOwn(settings, 'emailalertstatus');
    if (status === undefined || status.value === 'all') continue;
    notes.add(
      'warning',
      status.line,
      'keepalived mails every change of a real server, or none: only running is looked at.',
      'Write smtp_alert off in a real server that is to send none.',
    );
  }
}

function readRecipients({ value, line }: Setting, { notes }: ConvertContext) {
  const words = value.split(/[,\s]+/).filter(word => word !== '');
  const good = words.filter(word => addressForm.test(word));
  if (good.length < words.length || words.length === 0) {
    notes.add(
      'error',
      line,
      'Here stands something that is no mail address; it is left out.',
      'Write addresses alone, without names.',
    );
  }
  return good.map(address => ({ address, line }));
}

function writeSender({ file, notes }: ConvertContext): readonly Output[] {
  const from = findOwn(file.globals, 'emailalertfrom');
  if (from === undefined) return [];
  const address = /<([^<>]*)>/.exec(from.value)?.[1] ?? from.value;
  if (!addressForm.test(address)) {
    notes.add(
      'error',
      from.line,
      'The sender is no mail address; it is left out.',
      'Write notification_email_from with an address.',
    );
    return [];
  }
  if (address !== from.value) {
    notes.add('hint', from.line, 'Of the sender only the address is taken.', 'Nothing is to be done.');
  }
  return [say(`notification_email_from ${address}`, from.line)];
}

function writeServer(mailing: readonly VirtualSection[], line: number, context: ConvertContext): readonly Output[] {
  const { file, notes } = context;
  const all = mailing.map(section => findSetting(section, 'smtp', context));
  const chosen = findOwn(file.globals, 'smtp') ?? all.find(setting => setting !== undefined);
  for (const setting of all) {
    if (setting === undefined || setting.value === chosen?.value) continue;
    notes.add(
      'warning',
      setting.line,
      'keepalived has one mail server for the whole file; this one is not used.',
      'Choose one that takes mail for all addresses.',
    );
  }
  if (chosen === undefined) {
    notes.add(
      'warning',
      line,
      'ldirectord gave mail to a program of this host; smtp_server is 127.0.0.1 now.',
      'See that a mail server listens there, or write the address of another.',
    );
    return [say('smtp_server 127.0.0.1 25')];
  }
  const host = /^[\w.-]+$/.exec(chosen.value)?.[0];
  if (host !== undefined) return [say(`smtp_server ${host} 25`, chosen.line)];
  notes.add(
    'error',
    chosen.line,
    'The mail server cannot be read; smtp_server is 127.0.0.1 now.',
    'Write smtp_server with a host and a port.',
  );
  return [say('smtp_server 127.0.0.1 25', chosen.line)];
}
