import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { HttpSpec } from '../../../../checks/http-plan.ts';
import { type Conversion, convertLdirectord } from '../../../../src/config/ldirectord/convert.ts';
import type { RealServer, VirtualServer } from '../../../../src/model/server.ts';
import { suite } from '../../../support/suite.ts';
import { readText } from '../read-text.ts';

const test = suite('config/ldirectord/convert');
const examples = join(import.meta.dirname, 'examples');

for (const name of ['web', 'services']) {
  test(`the example ${name}.cf becomes what stands beside it, and that has no error`, () => {
    const { text } = convertLdirectord(`${name}.cf`, readFileSync(join(examples, `${name}.cf`), 'utf8'));
    assert.fixture(text, readFileSync(join(examples, `${name}.conf`), 'utf8'));
    assert.equal(errorsIn(text), []);
  });
}

test('failurecount counts failures, retry those that are forgiven, at the usual interval', () => {
  const [check] = onlyReal(service('failurecount = 3\ncheckinterval = 7', 'checktype = connect')).checks;
  assert.is(check?.retry, 2);
  assert.is(check?.delayBeforeRetry, 7000);
  assert.equal(check?.schedule, { kind: 'interval', every: 7000 });
  assert.is(onlyReal(service('', 'checktype = connect')).checks[0]?.retry, 0);
});
test('a line that is only written wrongly, and of which nothing comes, has a note for that too', () => {
  const text = 'virtual = 192.0.2.1:80\n  real = 10.0.0.1:80 gate\n  checktype = connect\n  secret = abc\n';
  const { notes } = convertLdirectord('f', text);
  assert.equal(
    notes.filter(({ line }) => line === 4).map(({ message }) => message),
    [
      'ldirectord wants four blanks or a tab before this line.',
      'ldirectord wants the value of secret in quotation marks.',
      'Nothing of the new file comes from this secret.',
    ],
  );
  assert.is(notes.filter(({ line }) => line === 3).length, 1);
});

test('a line that another one overrides, or that cannot be read, has one note', () => {
  const text =
    'virtual = 192.0.2.1:80\n\treal = 10.0.0.1:80 gate\n\tscheduler = rr\n\tscheduler = wlc\n\tquiescent = maybe\n';
  const { notes } = convertLdirectord('f', text);
  for (const line of [3, 5]) assert.is(notes.filter(note => note.line === line).length, 1);
});

test('the two timeouts stand in for one another, the own before the global', () => {
  const timeoutOf = (globals: string, own: string) =>
    /connect_timeout (\d+)/.exec(service(globals, own).text)?.[1] ?? 'none';
  assert.is(timeoutOf('', 'checktype = connect'), '5');
  assert.is(timeoutOf('', 'service = http'), '30');
  assert.is(timeoutOf('negotiatetimeout = 9', 'checktype = connect'), '9');
  assert.is(timeoutOf('checktimeout = 8\nnegotiatetimeout = 9', 'checktype = connect'), '8');
  assert.is(timeoutOf('negotiatetimeout = 9', 'service = http\n\tchecktimeout = 2'), '2');
});
test('gate, masq and ipip become DR, NAT and TUN; the commonest is the service', () => {
  const text =
    'virtual = 192.0.2.1:80\n\treal = 10.0.0.1:80 masq\n\treal = 10.0.0.2 gate\n\treal = 10.0.0.3 gate\n\treal = 10.0.0.4 ipip\n';
  const [server] = serversOf(convertLdirectord('f', text));
  assert.is(server?.forwarding.kind, 'DR');
  assert.equal(
    server?.realServers.map(real => real.forwarding.kind),
    ['NAT', 'DR', 'DR', 'TUN'],
  );
});
test('with gate the kernel has the port of the service, and the port that was written is checked', () => {
  const conversion = convertLdirectord(
    'f',
    'virtual = 192.0.2.1:80\n\treal = 10.0.0.1:8080 gate\n\tchecktype = connect\n',
  );
  assert.match(conversion.text, 'real_server 10.0.0.1 80 {');
  assert.match(conversion.text, 'connect_port 8080');
});
test('a range is one real server for each address', () => {
  const [server] = serversOf(convertLdirectord('f', 'virtual = 192.0.2.1:80\n\treal = 10.0.0.254->10.0.1.1:80 masq\n'));
  assert.equal(
    server?.realServers.map(real => real.address),
    ['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1'],
  );
});
test('a range that goes backwards or has too many addresses is an error, and the service is commented out', () => {
  for (const range of ['10.0.0.2->10.0.0.1', '10.0.0.1->10.9.0.1']) {
    const conversion = convertLdirectord('f', `virtual = 192.0.2.1:80\n\treal = ${range}:80 gate\n`);
    assert.equal(notesOn(conversion, 2), ['error']);
    assert.equal(serversOf(conversion), []);
  }
});
test('names are not looked up: the real server is commented out, with an error', () => {
  const conversion = convertLdirectord(
    'f',
    'virtual = 192.0.2.1:80\n\treal = web1:80 gate\n\treal = localhost:80 gate\n',
  );
  assert.equal(notesOn(conversion, 2), ['error']);
  assert.match(conversion.text, '# real_server web1 80 {');
  assert.equal(
    serversOf(conversion)[0]?.realServers.map(real => real.address),
    ['127.0.0.1'],
  );
});
test('a page that was compared with a pattern is compared with the same pattern', () => {
  for (const pattern of ['ok|fine', '^\\d+\\s"a\\\\b"$', "it's {2} ! ok", 'a\\.b$']) {
    const conversion = service('', `request = "x"\n\treceive = "${pattern}"`);
    const spec = onlyReal(conversion).checks[0]?.spec as HttpSpec | undefined;
    assert.is(spec?.urls[0]?.regex?.pattern, pattern.replaceAll('"', '\\x22'));
    assert.not.match(conversion.text, /weaker/);
  }
});
test('a pattern that keepalived.conf cannot hold is left out, and that is told twice', () => {
  const conversion = service('', 'request = "x"\n\treceive = "a$b"');
  assert.match(
    conversion.text,
    /# warning: this check is weaker than that of ldirectord.*\n\s+# warning: .* # line 4\n/,
  );
  assert.ok(
    conversion.notes.some(note => note.severity === 'warning' && note.line === 4 && /weaker/.test(note.message)),
  );
});
test('a check that no checker can do becomes a weaker one with a warning, in the file too', () => {
  for (const name of ['ftp', 'imap', 'ldaps', 'mysql', 'nntp', 'oracle', 'pgsql', 'pop']) {
    const conversion = service('', `service = ${name}`);
    assert.equal(typesOf(conversion), ['TCP_CHECK'], name);
    assert.match(conversion.text, /# warning: this check is weaker/);
    assert.ok(notesOn(conversion, 3).includes('warning'), name);
  }
});
test('HEAD is sent by checkalived, and keepalived sends GET, which is told', () => {
  const conversion = service('', 'service = http\n\thttpmethod = HEAD');
  assert.match(conversion.text, /^ +@checkalived method HEAD/m);
  assert.ok(notesOn(conversion, 4).includes('hint'));
  assert.not.match(service('', 'service = http\n\thttpmethod = GET').text, /method/);
});
test('what is only pinged, over UDP too, is pinged', () => {
  for (const own of ['service = radius', 'protocol = udp\n\tchecktype = connect', 'checktype = ping']) {
    assert.equal(typesOf(service('', own)), ['PING_CHECK'], own);
  }
});
test('L04: what simpletcp sent and expected becomes a dialogue, hidden from keepalived', () => {
  const steps = (own: string) => {
    const { text } = service('', `service = simpletcp\n\t${own}`);
    return [...text.matchAll(/@checkalived (.*?)(?: # line.*)?$/gm)].map(match => match[1]);
  };
  assert.equal(steps('request = "GET /x\\nHost: \\q $home\\n\\n"\n\treceive = "^OK (\\d+)$"'), [
    'send "GET /x\\nHost: \\x5cq \\x24home\\n\\n"',
    'expect "^OK (\\d+)$"',
  ]);
  assert.equal(steps('receive = "a|b"'), ['expect "a|b"']);
  assert.equal(steps('request = "ping"'), ['send "ping"', 'expect "(?s)."']);
  assert.equal(onlyReal(service('', 'service = simpletcp\n\trequest = "a\\nb"\n\treceive = "c"')).checks[0]?.spec, {
    address: '10.0.0.1',
    port: 80,
    timeout: 30_000,
    steps: [
      { kind: 'send', parts: ['a\nb'] },
      { kind: 'expect', pattern: 'c' },
    ],
  });
  const ofReal = convertLdirectord(
    'f',
    'virtual = 192.0.2.1:80\n\treal = 10.0.0.1:80 masq "one", "two"\n\tservice = simpletcp\n\trequest = "x"\n',
  );
  assert.match(ofReal.text, /@checkalived send "one" # line 2\n\s+@checkalived expect "two" # line 2/);
});

test('a pattern of simpletcp that keepalived.conf cannot hold makes the check weaker, and that is told', () => {
  const conversion = service('', 'service = simpletcp\n\treceive = "^$home"');
  assert.equal(typesOf(conversion), ['TCP_CHECK']);
  assert.match(conversion.text, /# warning: this check is weaker/);
  assert.ok(notesOn(conversion, 4).includes('warning'));
});

test('a service whose greeting a checker of ours knows is told so', () => {
  const { notes } = service('', 'service = mysql');
  assert.ok(notes.some(({ hint }) => /MYSQL_CHECK, for checkalived alone/.test(hint)));
});
test('checkcount is more retries, so close that a server is out after the same time', () => {
  const timesOf = (globals: string) => {
    const [check] = onlyReal(service(`checkinterval = 6\n${globals}`, 'checktype = ping')).checks;
    return [check?.retry, check?.delayBeforeRetry];
  };
  assert.equal(timesOf(''), [0, 1000]);
  assert.equal(timesOf('checkcount = 3'), [2, 0]);
  assert.equal(timesOf('failurecount = 3'), [2, 6000]);
  assert.equal(timesOf('checkcount = 2\nfailurecount = 2'), [3, 2000]);
});
test('a name server is asked for what it was asked, and the answer is looked at', () => {
  const specOf = (own: string) => onlyReal(service('', `service = dns\n\t${own}`)).checks[0]?.spec;
  const lookedUp = specOf('protocol = udp\n\trequest = "www.example.com"\n\treceive = "192\\.0\\.2\\.1$"');
  assert.equal(lookedUp, {
    connection: { address: '10.0.0.1', port: 80, timeout: 30_000 },
    question: { type: 'A', name: 'www.example.com', class: 'IN', recursion: true },
    transport: 'udp',
    rcodes: ['NOERROR'],
    rules: [{ section: 'answer', must: 'match', pattern: ' (A|PTR) .*192\\.0\\.2\\.1\\.?$' }],
  });
  const reversed = specOf('protocol = tcp\n\trequest = "192.0.2.1"\n\treceive = "^www|mail"');
  assert.equal(reversed, {
    connection: { address: '10.0.0.1', port: 80, timeout: 30_000 },
    question: { type: 'PTR', name: '1.2.0.192.in-addr.arpa', class: 'IN', recursion: true },
    transport: 'tcp',
    rcodes: ['NOERROR'],
    rules: [],
  });
});
test('what of a DNS check cannot be carried over is told, and stands in the file', () => {
  const own = 'service = dns\n\trequest = "www.example.com"\n\treceive =';
  const lost = service('', `${own} "^a|b"`);
  assert.match(lost.text, '# warning: this check is weaker');
  assert.ok(notesOn(lost, 5).includes('warning'));
  assert.match(service('', `${own} "a|b"`).text, '@checkalived expect_answer " (A|PTR) .*(a|b)"');
  assert.match(service('', `${own} "^a"`).text, '@checkalived expect_answer " (A|PTR) a"');
  const without = service('', 'service = dns\n\trequest = "www.example.com"');
  assert.ok(notesOn(without, 4).includes('warning'));
  assert.match(service('', 'service = dns\n\treceive = "a"').text, '# warning: this check is weaker');
});
test('mail servers are greeted as before', () => {
  assert.equal(typesOf(service('', 'service = submission')), ['SMTP_CHECK']);
});
test('an external check gets its four arguments', () => {
  const { text } = service('', 'checktype = external\n\tcheckcommand = "/bin/check"\n\tchecktimeout = 9');
  assert.match(text, 'misc_path "/bin/check 192.0.2.1 80 10.0.0.1 80"');
  assert.match(text, 'misc_timeout 9');
});
test('an external check without a command never failed, and a warning says so', () => {
  const conversion = service('', 'checktype = external');
  assert.equal(typesOf(conversion), []);
  assert.ok(notesOn(conversion, 3).includes('warning'));
});
test('checktype off leaves no weight, no checker and no sorry_server', () => {
  const conversion = service('fallback = 127.0.0.1', 'checktype = off');
  const [server] = serversOf(conversion);
  assert.equal(
    server?.realServers.map(real => [real.weight, real.checks.length]),
    [[0, 0]],
  );
  assert.is(server?.sorryServer, null);
});
test('checktype on leaves the weight and no checker', () => {
  const [server] = serversOf(service('', 'checktype = on'));
  assert.equal(
    server?.realServers.map(real => [real.weight, real.checks.length]),
    [[1, 0]],
  );
});
test('a firewall mark has no port in the table and its service is not guessed', () => {
  const conversion = convertLdirectord(
    'f',
    'virtual6 = 3\n\treal6 = [2001:db8::1]:80 gate\n\tservice = http\n\tprotocol = fwm\n',
  );
  const [server] = serversOf(conversion);
  assert.equal(server?.target, { kind: 'fwmark', fwmark: 3 });
  assert.is(server?.family, 'inet6');
  assert.equal(
    server?.realServers.map(real => real.port),
    [0],
  );
  assert.match(conversion.text, 'connect_port 80');
});
test('a fallback without a port has that of the service, and forwards by gate unless it says otherwise', () => {
  const [server] = serversOf(
    convertLdirectord('f', 'fallback = 127.0.0.1\nvirtual = 192.0.2.1:81\n\treal = 10.0.0.1:80 masq\n'),
  );
  assert.equal(server?.sorryServer, { address: '127.0.0.1', port: 81, inhibit: false, forwarding: { kind: 'DR' } });
});
test('quiescent is inhibit_on_failure; without it the program counts, not its manual', () => {
  assert.ok(onlyReal(service('quiescent = yes', 'checktype = connect')).inhibitOnFailure);
  const conversion = service('', 'checktype = connect');
  assert.not.ok(onlyReal(conversion).inhibitOnFailure);
  assert.ok(conversion.notes.some(note => note.severity === 'hint' && /quiescent/.test(note.message)));
});
test('a request of a real server that names another host is sent there', () => {
  const conversion = convertLdirectord(
    'f',
    'virtual = 192.0.2.1:80\n\treal = 10.0.0.1:80 masq 1 "http://10.0.0.9:81/a b", ""\n',
  );
  assert.match(conversion.text, /connect_ip 10\.0\.0\.9.*\n\s+connect_port 81/);
  assert.match(conversion.text, 'path /a%20b');
});
test('a proxy is asked for the whole URL', () => {
  const { text } = service('', 'service = http_proxy\n\trequest = "http://www.example.com/x"');
  assert.match(text, 'path http://www.example.com/x');
  assert.match(text, 'virtualhost www.example.com');
});
test('passwords and the like are in neither the file nor the notes', () => {
  const { text, notes } = service(
    '',
    'service = mysql\n\tpasswd = "hush1"\n\tsecret = hush2\n\tpasword = "hush3"\n\tlogin "hush4"',
  );
  assert.not.match(text + JSON.stringify(notes), 'hush');
});
test('real servers of a service that sent no mail send none', () => {
  const text =
    'virtual = 192.0.2.1:80\n\treal = 10.0.0.1 masq\n\temailalert = "a@example.com"\nvirtual = 192.0.2.1:81\n\treal = 10.0.0.1 masq\n';
  const servers = serversOf(convertLdirectord('f', text));
  assert.equal(
    servers.map(server => server.realServers.map(real => real.smtpAlert)),
    [[true], [false]],
  );
});
test('the command for the loss of all real servers is told which service', () => {
  const [server] = serversOf(service('fallbackcommand = "/bin/tell me"', 'checktype = connect'));
  assert.equal(server?.quorumDown?.argv, ['/bin/tell', 'me', 'start', '192.0.2.1:80', 'tcp']);
  assert.equal(server?.quorumUp?.argv, ['/bin/tell', 'me', 'stop', '192.0.2.1:80', 'tcp']);
});
test('a service that stands twice is commented out the second time, with an error', () => {
  const one = 'virtual = 192.0.2.1:80\n\treal = 10.0.0.1 masq\n';
  const conversion = convertLdirectord('f', one + one);
  assert.is(serversOf(conversion).length, 1);
  assert.ok(notesOn(conversion, 3).includes('error'));
});

/** A service with one real server by NAT; its own lines begin in line 3, global ones come behind. */
function service(globals: string, own: string): Conversion {
  return convertLdirectord('f', `virtual = 192.0.2.1:80\n\treal = 10.0.0.1:80 masq\n\t${own}\n${globals}\n`);
}

function serversOf({ text }: Conversion): readonly VirtualServer[] {
  assert.equal(errorsIn(text), []);
  return readText(text).config.virtualServers;
}

function onlyReal(conversion: Conversion): RealServer {
  const real = serversOf(conversion)[0]?.realServers[0];
  if (real === undefined) throw new Error(`no real server: ${conversion.text}`);
  return real;
}

function typesOf(conversion: Conversion): readonly string[] {
  return onlyReal(conversion).checks.map(check => check.type);
}

function notesOn({ notes }: Conversion, line: number): readonly string[] {
  return notes.filter(note => note.line === line).map(note => note.severity);
}

function errorsIn(text: string): readonly string[] {
  return readText(text)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);
}

test.run();
