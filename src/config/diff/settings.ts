import type { Config, Fifo, Globals, Settings } from '../../model/config.ts';
import { formatEndpoint } from '../../model/endpoint.ts';
import { type Change, compareFields, type Field, nothing } from './change.ts';
import { diffChannels } from './channels.ts';
import { showScript, showSeconds, showUser } from './values.ts';

type Fate = Pick<Field<unknown>, 'effect' | 'takesEffect'>;

const nextMail: Fate = { effect: 'from the next mail on' };
const nextScript: Fate = { effect: 'from the next script on' };
/** docs/guides/beside-keepalived.md lists what has this fate. */
const nextStart: Fate = { effect: 'takes effect at the next start', takesEffect: 'restart' };
const newFifos: Fate = { effect: 'the FIFOs are closed and made anew, and their scripts started again' };
const notOurs: Fate = { effect: 'checkalived does not act on it', takesEffect: 'never' };

const globalFates: Readonly<Partial<Record<string, Fate>>> = {
  routerId: nextMail,
  notificationEmail: nextMail,
  notificationEmailFrom: nextMail,
  smtpServer: nextMail,
  smtpHeloName: nextMail,
  smtpConnectTimeout: nextMail,
  noCheckerEmails: nextMail,
  rsInitNotifies: { effect: 'for real servers that come new' },
  scriptUser: { effect: 'from the next script on; a FIFO and its script keep the user that they have' },
  enableScriptSecurity: nextScript,
  notifyFifo: newFifos,
  lvsNotifyFifo: newFifos,
  lvsFlush: nextStart,
  lvsFlushOnStop: { effect: 'at the stop' },
  lvsTimeouts: nextStart,
} satisfies Partial<Record<keyof Globals, Fate>>;

type OtherSettings = Omit<Settings, 'channels'>;

const settingFates: Readonly<Partial<Record<string, Fate>>> = {
  ipvs: nextStart,
  stateDir: nextStart,
  trackDir: nextStart,
  listen: nextStart,
  logFormat: nextStart,
  firstVerdict: { effect: 'for verdicts that are still to come' },
  ipvsAudit: nextStart,
  scriptTimeout: nextStart,
  scriptLimit: nextStart,
  mailGroupLimit: nextMail,
  mailWindow: nextMail,
  mailGiveUp: nextMail,
  smtpUser: nextMail,
  smtpPassword: nextMail,
  smtpTls: nextMail,
  resultsInterval: nextStart,
  retentionResults: nextStart,
  retentionTransitions: nextStart,
  metricsDetail: { effect: 'from the next scrape on' },
  plugin: { effect: 'one that is new is loaded at the reload' },
} satisfies Record<keyof OtherSettings, Fate>;

/** How a value is written, where its members alone do not say it. */
type Forms<T> = { readonly [Name in keyof T]?: (value: NonNullable<T[Name]>) => unknown };

const globalForms: Forms<Globals> = {
  smtpServer: ({ host, port }) => `${host} ${port}`,
  smtpConnectTimeout: showSeconds,
  scriptUser: showUser,
  notifyFifo: showFifo,
  lvsNotifyFifo: showFifo,
};
const settingForms: Forms<OtherSettings> = {
  listen: ({ address, port }) => formatEndpoint(address, port),
  ipvsAudit: showSeconds,
  scriptTimeout: showSeconds,
  mailWindow: showSeconds,
  mailGiveUp: showSeconds,
  resultsInterval: showSeconds,
  retentionResults: showSeconds,
  retentionTransitions: showSeconds,
  plugin: plugins => plugins.map(({ path }) => path),
};

/** What changes in global_defs and in the settings of checkalived. */
export function diffSettings(before: Config, after: Config): readonly Change[] {
  return [
    ...compareMembers(before.globals, after.globals, globalFates, globalForms),
    ...compareMembers(withoutChannels(before), withoutChannels(after), settingFates, settingForms),
    ...diffChannels(before.settings.channels, after.settings.channels),
  ];
}

function withoutChannels({ settings: { channels: _, ...others } }: Config): OtherSettings {
  return others;
}

function compareMembers<T extends object>(
  before: T,
  after: T,
  fates: Readonly<Partial<Record<string, Fate>>>,
  forms: Forms<T>,
): Change[] {
  const names = [...new Set([...keysOf(before), ...keysOf(after)])];
  const fields = names.map(
    (name): Field<T> => ({
      name: String(name).replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      value: object => {
        const value = object[name];
        return value === null || value === undefined ? value : (forms[name]?.(value) ?? value);
      },
      ...(fates[String(name)] ?? notOurs),
    }),
  );
  return compareFields(nothing, fields, before, after);
}

function keysOf<T extends object>(object: T): readonly (keyof T)[] {
  return Object.keys(object) as (keyof T)[];
}

function showFifo({ path, user, script }: Fifo): string {
  const owner = user === undefined ? '' : ` ${showUser(user)}`;
  return `${path}${owner}${script === null ? '' : `, script ${showScript(script)}`}`;
}
