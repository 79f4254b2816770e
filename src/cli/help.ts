interface Help {
  /** What the command is for, in a sentence. */
  readonly purpose: string;
  /** Stands below the options: examples, then the exit codes. */
  readonly after: string;
}

export const program: Help = {
  purpose:
    'Health checker beside keepalived: reads the keepalived.conf that you have, checks your real servers, ' +
    'steers the weights of IPVS, and tells what changed and why.',
  after: `
Without a command it is run: checkalived -f FILE is checkalived run -f FILE.

Examples:
  checkalived demo                                      see it work, without IPVS or root
  checkalived test -f /etc/keepalived/keepalived.conf   is my configuration in order?
  checkalived check -f /etc/keepalived/keepalived.conf  which real servers are up, now?
  checkalived run --dry-run                             what would it do to my table?
  checkalived run                                       the agent, steering weights

Each command has its own --help with its options, examples and exit codes.
`,
};

export const commands = {
  run: {
    purpose:
      'Run the agent in the foreground: check, steer IPVS, run scripts, send mail, keep history. ' +
      'SIGTERM or SIGINT stop it, SIGHUP reloads the configuration.',
    after: `
Modes of --ipvs:
  weights    change only weights of destinations that are in the table already (keepalived owns it)
  manage     own the whole life of services and destinations, as keepalived's checker does
  trackfile  write value files for keepalived's FILE_CHECK, which owns the table (config trackfile prints the blocks)
  memory     a table in this process; the kernel is left alone

Examples:
  checkalived run -f /etc/keepalived/keepalived.conf
  checkalived run --ipvs manage --state-dir /var/lib/checkalived --listen 127.0.0.1:9650
  checkalived run --dry-run --log-format text

Exit codes:
  0  stopped by a signal
  1  could not start (the configuration has errors, IPVS cannot be used, the port is taken), or a bug
`,
  },
  test: {
    purpose: 'Read a configuration and say what is wrong with it, where, and what to write instead.',
    after: `
Errors would leave a server unchecked, or checked otherwise than written. Warnings are what keepalived grumbles
about too, or ignores silently. Hints are things to look at.

--timing adds a table with, for each check, the seconds until its server is out of the pool and back in it again, at best
and at worst. Best: the server dies right before a check, and refuses at once. Worst: it dies right after a good check began,
and each attempt runs into its deadline.

Examples:
  checkalived test -f /etc/keepalived/keepalived.conf
  checkalived test -f new.conf --strict && systemctl reload checkalived
  checkalived test -f new.conf --json
  checkalived test -f new.conf --timing

Exit codes:
  0  no errors (with --strict: no warnings either)
  1  errors (with --strict: or warnings)
  2  the file cannot be read, or the command line is wrong
`,
  },
  check: {
    purpose: 'Run every check of a configuration once and print a table. Touches neither IPVS nor any state.',
    after: `
PATTERN is compared with the virtual server, the real server and the checker: a part of it, or with * all of it.

Checks that would send the same bytes to the same address with the same timing are one probe of the agent, and its result
goes to every real server that asked for it. --plan counts them, and says of checks of the same address that are not
merged in what they differ.

Examples:
  checkalived check -f /etc/keepalived/keepalived.conf
  checkalived check --only 10.0.0.2:80
  checkalived check --only 'tcp/10.0.0.*'
  checkalived check --json
  checkalived check --plan

Exit codes:
  0  all up
  2  something is down
  3  something could not be checked, or the configuration or the command line is wrong
`,
  },
  config: {
    purpose: 'Print, compare, explain and convert configurations.',
    after: `
Examples:
  checkalived config print -f /etc/keepalived/keepalived.conf
  checkalived config diff /etc/keepalived/keepalived.conf new.conf
  checkalived config explain delay_loop
  checkalived config trackfile -f /etc/keepalived/keepalived.conf
  checkalived config convert --from ldirectord /etc/ha.d/ldirectord.cf

Exit codes:
  2  no command is named, or there is none of that name; each command has its own exit codes
`,
  },
  'config print': {
    purpose:
      'Print the canonical text of a configuration: what is read from it means the same. ' +
      'Includes, variables, conditions and sequences are resolved, comments are gone.',
    after: `
One keyword a line, four blanks for each block, quotation marks only where they are needed, everything in the order of
the file. What keepalived does not know, and lines that @checkalived hid from it, stand behind @checkalived again.
Lines that other conditions hid from checkalived are not in the text, and those for this host are there without
their condition.

Secrets are printed as they are, for the text is a configuration that must work: mind who may read it.

Examples:
  checkalived config print -f /etc/keepalived/keepalived.conf
  checkalived config print -f new.conf -i lb1 | less
  diff <(checkalived config print -f old.conf) <(checkalived config print -f new.conf)

Exit codes:
  0  printed; what was left out because nobody knows it stands on standard error
  1  the file has errors, and nothing is printed (with --lenient: it is, without what they concern)
  2  the file cannot be read, or the command line is wrong
`,
  },
  'config trackfile': {
    purpose:
      "Print the track_file and FILE_CHECK blocks by which keepalived follows checkalived's verdicts in mode trackfile, " +
      'and where to paste each.',
    after: `
Every real server that has a checker of ours gets two track_file and two FILE_CHECK blocks, one for its state and one for the
change of its weight. Each line begins with @^checkalived: keepalived
reads it, checkalived does not, so that one file serves both. Behind each place stands which checkers to hide from keepalived.
Paste from the end of the file to its beginning, so that line numbers hold.

With --state-dir give the directory that the agent is started with; track_dir, if it is set, wins.

Examples:
  checkalived config trackfile -f /etc/keepalived/keepalived.conf
  checkalived config trackfile -f new.conf --state-dir /run/checkalived

Exit codes:
  0  printed
  1  the file has errors, or no real server has a checker, and nothing is printed
  2  the file cannot be read, or the command line is wrong
`,
  },
  'config convert': {
    purpose: "Make a keepalived.conf of another program's configuration, and say of each line what became of it.",
    after: `
The new configuration goes to standard output, what must be known about it to standard error, each with the line of the
old file.

Examples:
  checkalived config convert --from ldirectord /etc/ha.d/ldirectord.cf > new.conf
  checkalived test -f new.conf

Exit codes:
  0  made; there may be warnings
  1  made, and some lines must be mended by hand
  2  the file cannot be read, or the command line is wrong
`,
  },
  'config diff': {
    purpose:
      'Say what a reload from one configuration to another changes, and what becomes of that which runs: ' +
      'checks that start anew, those that keep their streaks, what waits for a restart.',
    after: `
A line for each change: + added, - removed, ~ changed, grouped by virtual server, then global_defs and the settings of
checkalived, then what checkalived does not act on, such as VRRP. What happens to the table is told for the mode that
stands in OLD, as the one that runs. Secrets are not shown.

--json prints an array with an object for each change:
  change         added, removed or changed
  virtualServer  its name, or null
  realServer     its name, or null
  check          the keyword of the checker, or null
  what           a keyword, a part of what a check does, or virtual_server, real_server, check for the whole
  from, to       as text; null for nothing, and for what is not shown
  effect         what a reload does about it
  takesEffect    reload, restart, or never (checkalived does not act on it)

Examples:
  checkalived config diff /etc/keepalived/keepalived.conf new.conf
  checkalived config diff old.conf new.conf --json

Exit codes:
  0  no difference
  1  there are differences
  2  a file cannot be read or has errors, or the command line is wrong
`,
  },
  'config explain': {
    purpose: 'Say what a keyword means: its arguments, range and default, and every block in which it may stand.',
    after: `
Where it means different things in different blocks each is told. BLOCK is the name of a block, or its path in
quotation marks, such as 'virtual_server > real_server'. --json prints an array with an object for each meaning.

Examples:
  checkalived config explain delay_loop
  checkalived config explain retry --block TCP_CHECK
  checkalived config explain quorum --json

Exit codes:
  0  explained
  1  there is no such keyword, or not in that block; the nearest ones are named
  2  the command line is wrong
`,
  },
  status: {
    purpose: 'Ask the running agent how everything is.',
    after: `
Examples:
  checkalived status
  checkalived status --watch
  checkalived status --json --listen 10.0.0.1:9650

Exit codes:
  0  all up (with --watch: ended by Ctrl-C)
  2  something is down, or not known yet
  3  no agent answers, or the command line is wrong
`,
  },
  history: {
    purpose: 'Show what changed, and the uptime of every real server, from what the agent has kept.',
    after: `
PATTERN is compared with the virtual server and the real server: a part of it, or with * all of it.

Examples:
  checkalived history
  checkalived history --since 7d --server 10.0.0.2:80
  checkalived history --json

Exit codes:
  0  printed
  1  there is no history to read, or the command line is wrong
`,
  },
  dashboards: {
    purpose: 'Write the dashboards for Grafana, and the files with which it finds them.',
    after: `
Written are:
  json/*.json                     the dashboards: overview, virtual server, real server, VRRP, agent
  provisioning/dashboards/*.yaml  to be copied to /etc/grafana/provisioning/dashboards; has the path of json
  provisioning/datasources/*.yaml to be copied to /etc/grafana/provisioning/datasources, with the address of your Prometheus
  optional/                       the event history from SQLite: needs frser-sqlite-datasource and the database's file

A file that is there and differs is not overwritten, for it may be yours: nothing is written then.

Examples:
  checkalived dashboards /var/lib/grafana/dashboards/checkalived
  checkalived dashboards /var/lib/grafana/dashboards/checkalived --force    after an update

Exit codes:
  0  written, or there as it should be
  1  refused, or it could not be written, or the command line is wrong
`,
  },
  rules: {
    purpose: 'Write the alert rules for Prometheus, and an example for Alertmanager.',
    after: `
Written are:
  rules/*.yml        for rule_files of prometheus.yml
  alertmanager.yml   routes and inhibitions to take over into yours

Each alert has the address of its runbook. --runbooks puts another directory in its place: its files are called as those
in docs/runbooks.

A file that is there and differs is not overwritten, for it may be yours: nothing is written then.

Examples:
  checkalived rules /etc/prometheus/checkalived
  checkalived rules /etc/prometheus/checkalived --runbooks https://wiki.example.net/runbooks/
  promtool check rules /etc/prometheus/checkalived/rules/*.yml

Exit codes:
  0  written, or there as it should be
  1  refused, or it could not be written, or the command line is wrong
`,
  },
  demo: {
    purpose:
      'See the agent work on real servers of its own on loopback, one of which keeps failing and coming back. ' +
      'Needs neither IPVS nor root.',
    after: `
Examples:
  checkalived demo
  checkalived demo --listen 127.0.0.1:0 --state-dir /tmp/demo

Exit codes:
  0  ended by Ctrl-C or SIGTERM
  1  could not start
`,
  },
  genhash: {
    purpose:
      'Print the digest of a URL, for the digest keyword of HTTP_GET and SSL_GET. ' +
      "The options and the output are those of keepalived's genhash.",
    after: `
The digest is the MD5 of the body as it travels, whatever the status: what curl URL | md5sum gives for a body that is
neither chunked nor compressed. It is computed by the code of the checks themselves. bin/genhash is this command.
Failures go to standard error. A body that was cut has a digest all the same, but makes the exit code 1.

-s, -p and -u are needed, or --config in their place. The addresses of a name are asked in the order of the system, until
one takes the connection; Host is that address and port, as in a check, unless -V names another.

--config fetches every url of every HTTP_GET and SSL_GET with the request of the check itself, and prints for each its digest
line behind the place where it belongs: the file with the line of the digest, or of the path below which it is to stand. What
differs from the configuration is said, and on which pages the real servers of one virtual server disagree. A url
whose check would fail whatever the digest, for its status is wrong, counts as not fetched, and so does one whose body is
another at the second of two requests. What stands behind a ? in a path is not shown.

--write puts the digests into the configuration and its included files. Each file is replaced at once or not at all,
with its mode and owner, and nothing else in it changes. Not written, and told: what could not be fetched; a place
that is for several urls whose digests differ; a line with more than the one keyword on it, or one that a variable,
a sequence or a condition makes; a file that was changed meanwhile.

Examples:
  checkalived genhash -s 10.0.0.2 -p 80 -u /index.html
  genhash -s 10.0.0.2 -p 443 -u / -S -I -V www.example.org
  genhash -s 2001:db8::2 -p 80 -u / -v -t 5
  genhash --config /etc/keepalived/keepalived.conf
  genhash --config keepalived.conf --write

Exit codes:
  0  printed; with --config: all were fetched, and with --write they stand in the files
  1  there is no digest, the body was cut, something was not fetched or not written, or the command line is wrong
`,
  },
  completion: {
    purpose: 'Print the script with which a shell completes the command line.',
    after: `
It is made from the commands and options of this very version: print it anew after an update.

Examples:
  checkalived completion bash > /etc/bash_completion.d/checkalived
  checkalived completion zsh > /usr/local/share/zsh/site-functions/_checkalived
  checkalived completion fish > /etc/fish/completions/checkalived.fish
  source <(checkalived completion bash)

Exit codes:
  0  printed
  1  the command line is wrong
`,
  },
} as const satisfies Readonly<Record<string, Help>>;
