import { fillIn, home } from './names.ts';
import type { Batch, Scenario } from './scenario.ts';

export const mailPort = 2525;
export const fifo = `${home}/fifo`;

/** The one file that both programs read; scenarios are numbered from 1. */
export function writeConfiguration(batch: Batch, pick: (scenario: Scenario) => string): string {
  const blocks = batch.scenarios.map((scenario, index) => fillIn(pick(scenario), index + 1));
  return [globals(batch), ...blocks].join('\n');
}

/** Our mails go out one by one and at once, and one failure is enough at first: what is ours alone is looked at elsewhere. */
const ours = ['mail_window 0', 'mail_group_limit 100000', 'script_limit 1000'];

function globals({ globals = '', verdict }: Batch): string {
  return `global_defs {
  script_user root
  router_id lab
  notification_email {
    ops@example.net
  }
  notification_email_from lb@example.net
  smtp_server 127.0.0.1 ${mailPort}
  smtp_connect_timeout 5
  lvs_notify_fifo ${fifo}
  ${globals}
}
@checkalived checkalived {
${[...ours, `first_verdict ${verdict ?? 'at_once'}`].map(line => `@checkalived   ${line}\n`).join('')}@checkalived }
`;
}
