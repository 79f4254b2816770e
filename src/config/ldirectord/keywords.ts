/** How the text behind the equals sign is read. */
type LdirectordType =
  | { readonly kind: 'yes-no' }
  /** The first digits in the text, as ldirectord takes them. */
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'text' }
  /** ldirectord takes it in quotation marks only. */
  | { readonly kind: 'quoted' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  /** Lower-case letters. */
  | { readonly kind: 'scheduler' }
  | { readonly kind: 'checktype' };

/** What is said of a keyword that keepalived.conf has nothing for. */
interface Loss {
  readonly message: string;
  /** What to use instead. */
  readonly hint: string;
  /** With this value nothing is lost: a hint; undefined = always a warning, `*` = always a hint. */
  readonly harmless?: string;
}

/** One keyword of ldirectord.cf. */
export interface LdirectordKeyword {
  readonly name: string;
  /** `both`: the one in the section of a virtual service wins. */
  readonly place: 'global' | 'virtual' | 'both';
  readonly type: LdirectordType;
  /** As ldirectord's source has it; empty = none. */
  readonly default: string;
  /** One sentence. */
  readonly doc: string;
  /** What becomes of it in keepalived.conf. */
  readonly becomes: string;
  readonly loss?: Loss;
}

export const checkTypes: readonly string[] = 'connect external external-perl negotiate off on ping'.split(' ');
export const services: readonly string[] =
  'dns ftp http https http_proxy imap imaps ldap ldaps mysql nntp none oracle pgsql pop pops radius simpletcp sip smtp submission'.split(
    ' ',
  );

const yesNo: LdirectordType = { kind: 'yes-no' };
const text: LdirectordType = { kind: 'text' };
const quoted: LdirectordType = { kind: 'quoted' };
const number = (min: number, max: number = Number.MAX_SAFE_INTEGER): LdirectordType => ({ kind: 'number', min, max });
const choice = (...of: string[]): LdirectordType => ({ kind: 'choice', of });

function row(
  place: LdirectordKeyword['place'],
  name: string,
  type: LdirectordType,
  fallback: string,
  doc: string,
  becomes: string,
  loss?: Loss,
): LdirectordKeyword {
  return { place, name, type, default: fallback, doc, becomes, ...(loss && { loss }) };
}

const login = 'a warning: the check that used it has no equivalent';
const noMeaning: Loss = {
  message: 'load has no meaning in ldirectord.',
  hint: 'Nothing is to be done.',
  harmless: '*',
};

/** Every keyword that ldirectord documents, and the few that it reads besides. */
export const ldirectordKeywords: readonly LdirectordKeyword[] = [
  row(
    'global',
    'virtual',
    text,
    '',
    'Begins a virtual service: IP:PORT, NAME:PORT or a firewall mark.',
    '`virtual_server`',
  ),
  row(
    'global',
    'virtual6',
    text,
    '',
    'The same for IPv6: [IP]:PORT, or a firewall mark.',
    '`virtual_server`, with `ip_family inet6` for a mark',
  ),
  row(
    'virtual',
    'real',
    text,
    '',
    'A real server or a range of them, with forwarding, weight, check and thresholds.',
    '`real_server`, one for each address of a range, with `lvs_method`, `weight`, `lthreshold`, `uthreshold`',
  ),
  row('virtual', 'real6', text, '', 'The same for IPv6.', '`real_server`'),
  row(
    'both',
    'fallback',
    text,
    '',
    'Server that takes over when all real servers are down.',
    '`sorry_server`, `sorry_server_lvs_method`',
  ),
  row('both', 'fallback6', text, '', 'The same for IPv6.', '`sorry_server`, `sorry_server_lvs_method`'),
  row(
    'both',
    'fallbackcommand',
    text,
    '',
    'Command for the loss (start) and return (stop) of all real servers.',
    '`quorum_down`, `quorum_up`',
  ),
  row(
    'both',
    'checktimeout',
    number(1),
    '5',
    'Seconds for connect, external and ping checks.',
    '`connect_timeout`, `misc_timeout`',
  ),
  row('both', 'negotiatetimeout', number(1), '30', 'Seconds for negotiate checks.', '`connect_timeout`'),
  row(
    'both',
    'checkinterval',
    number(1),
    '10',
    'Seconds between checks; in a virtual service with fork=yes only.',
    '`delay_loop`, `delay_before_retry`',
  ),
  row('both', 'checkcount', number(1), '1', 'Pings in one ping check.', 'more of `retry` in PING_CHECK'),
  row('both', 'failurecount', number(1), '1', 'Failures in a row until a real server is down.', '`retry`, less one'),
  row(
    'both',
    'quiescent',
    yesNo,
    'no (its manual says yes)',
    'Weight 0 in place of removal for what is down.',
    '`inhibit_on_failure`',
  ),
  row(
    'both',
    'emailalert',
    text,
    '',
    'Who gets mail when a real server changes.',
    '`notification_email`, for the whole file; `smtp_alert off` where there was none',
  ),
  row('global', 'emailalertfrom', text, '', 'Sender of mail.', '`notification_email_from`, the address alone'),
  row(
    'both',
    'emailalertfreq',
    number(0),
    '0',
    'Seconds after which mail about a server that stays down is repeated.',
    'a note: mail is not repeated',
    {
      message: 'Mail about a server that stays down is not repeated.',
      hint: 'Watch the API, or checkalived status, for servers that stay down.',
      harmless: '0',
    },
  ),
  row(
    'both',
    'emailalertstatus',
    text,
    'all',
    'States of ldirectord in which mail is sent.',
    '`smtp_alert off` without `running`; a note',
  ),
  row('both', 'smtp', text, '', 'Mail server.', '`smtp_server`, for the whole file'),
  row('both', 'cleanstop', yesNo, 'yes', 'Removes the services when ldirectord stops.', 'a note', {
    message: 'cleanstop=no has no keyword in keepalived.conf: a stop removes the services.',
    hint: 'Start keepalived with --dont-release-ipvs, and checkalived run too where it manages the table.',
    harmless: 'yes',
  }),
  row('global', 'autoreload', yesNo, 'no', 'Reads the file again when it changes.', 'a note', {
    message: 'The file is not read again by itself when it changes.',
    hint: 'Reload after each change (systemctl reload, or SIGHUP), or have a systemd path unit do it.',
    harmless: 'no',
  }),
  row('global', 'callback', quoted, '', 'Command to run when the file has changed.', 'a note', {
    message: 'No command is run when the file changes.',
    hint: 'Call it from what distributes the file, or from a systemd path unit.',
  }),
  row('global', 'execute', text, '', 'Starts ldirectord for another file.', 'a note', {
    message: 'The other file is not read.',
    hint: 'Convert it too, and write include with the path of the result.',
  }),
  row(
    'global',
    'fork',
    yesNo,
    'no',
    'A process for each virtual service.',
    'a note: checks run at the same time anyway',
    {
      message: 'fork needs no counterpart: all checks run at the same time.',
      hint: 'Nothing is to be done.',
      harmless: '*',
    },
  ),
  row('global', 'logfile', text, '/var/log/ldirectord.log', 'File or syslog facility for the log.', 'a note', {
    message: 'The file for the log is not set in keepalived.conf.',
    hint: 'keepalived logs to syslog (--log-facility); checkalived writes to its standard output, which systemd keeps.',
    harmless: '*',
  }),
  row('virtual', 'monitorfile', text, '', 'File with the results of all checks.', 'a note', {
    message: 'Results of checks are not written to a file.',
    hint: 'checkalived keeps every result in its database: see checkalived history. keepalived logs failures with log_all_failures.',
  }),
  row('global', 'supervised', text, 'no', 'Stays in the foreground.', 'a note', {
    message: 'Staying in the foreground is not set in keepalived.conf.',
    hint: 'Start keepalived with --dont-fork; checkalived run always stays in the foreground.',
    harmless: '*',
  }),
  row(
    'global',
    'readdquiescent',
    yesNo,
    'no',
    'Adds a server that is down again with weight 0 if someone removed it.',
    'a note',
    {
      message: 'readdquiescent has no keyword in keepalived.conf.',
      hint: 'In ipvs mode manage, checkalived puts right what others change within ipvs_audit seconds; keepalived does not.',
      harmless: '*',
    },
  ),
  row(
    'global',
    'maintenancedir',
    text,
    '',
    'Directory with a file for each server that is to be down.',
    'a second `MISC_CHECK` in each real server, which fails while the file of its address is there',
  ),
  row(
    'virtual',
    'checktype',
    { kind: 'checktype' },
    'negotiate',
    'How real servers are checked.',
    'the checker: see below',
  ),
  row(
    'virtual',
    'service',
    choice(...services),
    'by the port',
    'What a negotiate check speaks.',
    'the checker: see below',
  ),
  row(
    'virtual',
    'checkcommand',
    text,
    '/bin/true',
    'Command of external checks.',
    '`misc_path`, with the same four arguments',
  ),
  row('virtual', 'checkport', number(1, 65_535), 'port of the real server', 'Port to check.', '`connect_port`'),
  row(
    'virtual',
    'request',
    quoted,
    '/',
    'What to ask for in a negotiate check.',
    '`path` for HTTP, `send` for simpletcp, `name` for DNS; else a warning',
  ),
  row(
    'virtual',
    'receive',
    quoted,
    '',
    'Regular expression that the answer must match.',
    '`regex` for HTTP, `expect` for simpletcp, `expect_answer` for DNS; else a warning',
  ),
  row(
    'virtual',
    'httpmethod',
    choice('GET', 'HEAD'),
    'GET',
    'Method of HTTP checks.',
    '`method HEAD`, behind `@checkalived`; keepalived always sends GET',
  ),
  row('virtual', 'virtualhost', text, 'address of the real server', 'Host header of HTTP checks.', '`virtualhost`'),
  row('virtual', 'login', quoted, '', 'User name for the check.', login),
  row('virtual', 'passwd', quoted, '', 'Password for the check.', login),
  row('virtual', 'database', quoted, '', 'Database for the check.', login),
  row('virtual', 'secret', quoted, '', 'Secret for radius.', login),
  row('virtual', 'load', quoted, '', 'Read, and of no effect.', 'a note', noMeaning),
  row('virtual', 'scheduler', { kind: 'scheduler' }, 'wrr', 'Scheduler.', '`lb_algo`'),
  row('virtual', 'schedflags', text, '', 'Flags of the scheduler (not documented).', 'the flags of the same names'),
  row(
    'virtual',
    'persistent',
    number(0),
    '',
    'Seconds that a client stays with its real server.',
    '`persistence_timeout`',
  ),
  row('virtual', 'netmask', text, '', 'Clients that belong together.', '`persistence_granularity`'),
  row(
    'virtual',
    'protocol',
    choice('tcp', 'udp', 'fwm'),
    'tcp; udp for port 53; fwm for a mark',
    'Transport protocol.',
    '`protocol`; nothing for a mark',
  ),
  row('virtual', 'ops', yesNo, 'no', 'One-packet scheduling, for UDP.', '`ops`'),
  row('virtual', 'servicename', text, '', 'Name in mails.', 'a comment'),
  row('virtual', 'comment', text, '', 'Remark in mails.', 'a comment'),
];

const byName = new Map(ldirectordKeywords.map(keyword => [keyword.name, keyword]));

export function findKeyword(name: string): LdirectordKeyword | undefined {
  return byName.get(name);
}
