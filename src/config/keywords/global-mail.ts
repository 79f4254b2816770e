import type { Params } from '../../model/params.ts';
import { custom, tellSurplus } from './read-words.ts';
import { bool, int, keepalivedRow, list, row, word } from './rows.ts';

/** keepalived core/global_parser.c:smtphelo_handler returns without a word when there is no name. */
const heloName = custom('NAME', ([name, surplus], tell) => {
  if (name === undefined) {
    return tell('ignored-value', undefined, 'smtp_helo_name lacks its name.', 'Write a host name, or remove the line.');
  }
  tellSurplus(surplus, tell);
  return name.text;
});

/** global_defs: who gets mail, from whom, over which server. */
export const mailRows: Params = [
  row('router_id', word, 'Name of this director in mail subjects.', { default: 'short host name' }),
  row('lvs_id', word, 'Old name of router_id, gone since 1.1.8.', { deprecated: 'router_id' }),
  row('notification_email', list, 'Who gets mail.'),
  row('notification_email_from', word, 'Sender of mail.', { default: 'keepalived@host name' }),
  row('smtp_server', { kind: 'host-port' }, 'Mail server and port.', { default: 'none; port 25' }),
  row('smtp_helo_name', heloName, 'Name to greet the mail server with.', { default: 'host name', since: '1.2.20' }),
  row('smtp_connect_timeout', int(0, 4294), 'Whole seconds for the mail server to answer; 0 is taken as 1.', {
    default: '30',
  }),
  row('smtp_alert', bool, 'Default of smtp_alert everywhere.', { default: 'on for real servers, else off' }),
  row('smtp_alert_checker', bool, 'Default of smtp_alert of virtual and real servers.', {
    default: 'smtp_alert',
    since: '2.0.0',
  }),
  keepalivedRow('smtp_alert_vrrp', bool, 'Default of smtp_alert of VRRP instances and groups.', {
    default: 'smtp_alert',
    since: '2.0.0',
  }),
  row('no_checker_emails', bool, 'Mail only when a real server changes, not for each of its checkers.', {
    default: 'off',
    since: '2.0.0',
  }),
  keepalivedRow('no_email_faults', bool, 'No mail when a VRRP instance goes to FAULT.', {
    default: 'off',
    since: '2.0.0',
  }),
];
