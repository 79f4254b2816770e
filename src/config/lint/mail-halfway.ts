import type { ConfigNode } from '../text/node.ts';
import { exampleService, exampleText } from './example.ts';
import { childrenOf } from './nodes.ts';
import type { LintRule } from './rule.ts';

const recipients = ['notification_email {', 'admin@example.com', '}'];
const example = (lines: readonly string[]) => exampleText(['global_defs {', ...lines, '}']) + exampleService();

export const mailHalfway: LintRule = {
  code: 'mail-halfway',
  severity: 'warning',
  keepalived: false,
  meaning: 'Mail is configured in part, and so none is sent.',
  why: `A mail needs notification_email (to whom) and smtp_server (by which server). If one of them is missing nothing is sent,
and nobody is told: keepalived drops its alerts without a word.`,
  bad: { text: example(recipients) },
  good: { text: example([...recipients, 'smtp_server 192.0.2.25']) },
  find({ config: { globals }, tree, nodesNamed, report }) {
    const hasRecipients = globals.notificationEmail.length > 0;
    const hasServer = globals.smtpServer !== null;
    if (hasRecipients && hasServer) return;
    const defs = tree.filter(node => node.param.name === 'global_defs');
    const find = (name: string) => defs.flatMap(node => childrenOf(node, name)).at(-1)?.keyword.span;
    const recipientsAt = find('notification_email');
    const serverAt = find('smtp_server');
    if (hasRecipients && recipientsAt !== undefined) {
      const advice = 'Write smtp_server HOST into global_defs, such as smtp_server 127.0.0.1.';
      report(recipientsAt, 'Recipients of mail are named, but no smtp_server: no mail is sent.', advice);
    } else if (hasServer && serverAt !== undefined) {
      const advice = 'Write notification_email { and the addresses into global_defs.';
      report(serverAt, 'An smtp_server is named, but no notification_email: no mail is sent.', advice);
    } else {
      const alert = [
        ...nodesNamed('smtp_alert'),
        ...nodesNamed('smtp_alert_checker'),
        ...nodesNamed('smtp_alert_vrrp'),
      ].find(isOn);
      if (alert === undefined) return;
      const message = `${alert.param.name} asks for mail, but global_defs has neither notification_email nor smtp_server: none is sent.`;
      report(alert.keyword.span, message, 'Write both into global_defs, or remove the line.');
    }
  },
};

function isOn({ words }: ConfigNode): boolean {
  return !/^(off|false|no)$/.test(words[0]?.text ?? '');
}
