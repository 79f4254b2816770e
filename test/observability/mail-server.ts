import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import PostalMime, { type Email } from 'postal-mime';
import { findClosedPort } from '../../testing/fault-server.ts';
import { startProgram } from '../support/program.ts';
import { testAuthority } from '../support/test-authority.ts';
import { until } from '../support/until.ts';

/** A real postfix, which takes mails for example.test on loopback, with STARTTLS, and puts them into one maildir. */
export interface MailServer {
  readonly port: number;
  /** Mails so far, in order of arrival. */
  mails(): Promise<readonly Email[]>;
  log(): string;
  stop(): Promise<void>;
}

/** Uid and gid of who owns the maildir; postfix delivers to nobody of its own. */
const nobody = 65_534;

/** Everything that it writes is in `folder`. Needs root. */
export async function startMailServer(folder: string): Promise<MailServer> {
  if (process.geteuid?.() !== 0) throw new Error('postfix needs root');
  for (const name of ['', 'conf', 'spool', 'data', 'mail']) mkdirSync(join(folder, name));
  // Its programs run as another user, who has to reach them.
  chmodSync(folder, 0o755);
  chownSync(join(folder, 'mail'), nobody, nobody);
  chownSync(join(folder, 'data'), Number(execFileSync('id', ['-u', 'postfix'])), 0);
  const port = await findClosedPort();
  writeFileSync(join(folder, 'conf/certificate.pem'), testAuthority.serverKey + testAuthority.server, { mode: 0o600 });
  writeFileSync(join(folder, 'conf/main.cf'), describeSettings(folder));
  writeFileSync(join(folder, 'conf/master.cf'), describeServices(port));
  const { said, stop } = startProgram('postfix', ['-c', join(folder, 'conf'), 'start-fg']);
  const log = (): string => {
    const file = join(folder, 'maillog');
    return said() + (existsSync(file) ? readFileSync(file, 'utf8') : '');
  };
  const master = await until('postfix has started', () => {
    if (!log().includes('daemon started')) throw new Error(log());
    return Number(readFileSync(join(folder, 'spool/pid/master.pid'), 'utf8'));
  });
  // What was started is a shell that waits for it.
  const end = (): void => void process.kill(master, 'SIGTERM');
  process.once('exit', end);
  return {
    port,
    log,
    async mails() {
      const inbox = join(folder, 'mail/all/new');
      // Names begin with the second of their arrival, then comes the microsecond.
      const files = existsSync(inbox) ? readdirSync(inbox).sort() : [];
      return Promise.all(files.map(file => PostalMime.parse(readFileSync(join(inbox, file)))));
    },
    async stop() {
      process.off('exit', end);
      end();
      await stop();
    },
  };
}

function describeSettings(folder: string): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/spool
data_directory = ${folder}/data
maillog_file = ${folder}/maillog
maillog_file_prefixes = ${folder}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.test
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
virtual_mailbox_domains = example.test
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:${nobody}
virtual_gid_maps = static:${nobody}
virtual_minimum_uid = 100
default_transport = error:no outside mail
relay_transport = error:no outside mail
smtpd_recipient_restrictions = reject_unauth_destination
smtpd_tls_security_level = may
smtpd_tls_chain_files = ${folder}/conf/certificate.pem
smtpd_tls_received_header = yes
`;
}

function describeServices(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
}
