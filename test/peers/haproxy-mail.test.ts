// HAProxy's reg-tests/mailers, in our words.
import * as assert from 'uvu/assert';
import { block, configFor } from '../support/black-box.ts';
import { runAgentOn } from '../support/black-box-agent.ts';
import { withServer } from '../support/scripted-server.ts';
import { suite } from '../support/suite.ts';

const test = suite('peers: haproxy mail');

test('H35 a server that resets goes down, and one whole conversation tells it by mail', () =>
  withServer({ greets: '', afterwards: 'reset' }, web =>
    withServer({ greets: '220 here\r\n', smtp: true }, async mail => {
      const globals = block(
        'global_defs',
        'router_id director',
        block('notification_email', 'ops@example.com'),
        'notification_email_from lvs@example.com',
        `smtp_server 127.0.0.1 ${mail.port}`,
        'smtp_alert on',
      );
      const checker = block('HTTP_GET', 'retry 1', 'delay_before_retry 0.2', block('url', 'path /'));
      const settings = block('checkalived', 'ipvs manage', 'mail_window 0');
      const text = [globals, settings, configFor(checker, web.port)].join('\n');
      const told = await runAgentOn(text, async ({ pass }) => {
        await pass(1);
        await mail.heard(said => said.includes('QUIT'));
      });
      const [subject = ''] = told.filter(line => line.startsWith('[director] Realserver'));
      assert.match(subject, `[127.0.0.1]:tcp:${web.port} of virtual server [192.0.2.1]:tcp:80 - DOWN`);
      const said = mail.received();
      assert.match(
        said,
        /MAIL FROM:<lvs@example\.com>.*RCPT TO:<ops@example\.com>.*DATA.*Subject: .*\r\n\.\r\n.*QUIT/s,
      );
      assert.match(said.replace(/\r\n /g, ' '), `Subject: ${subject}`);
    }),
  ));

test.run();
