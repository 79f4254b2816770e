import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { type Suite, suite } from '../support/suite.ts';
import { bootGuest, type Guest } from './guest.ts';
import type { Answers, Ending, Question, Sample } from './protocol.ts';

export type Host = 'client' | 'dir1' | 'dir2' | 'rs1' | 'rs2' | 'rs3' | 'mail';

/** Answer of the client's requests: begun when, asked of whom, answered by whom. */
interface Answer {
  readonly at: number;
  readonly url: string;
  readonly from?: string;
  readonly fault?: string;
}
export interface Mail {
  readonly at: number;
  readonly client: string;
  readonly helo: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly message: string;
}
interface AgentOptions {
  readonly name?: string;
  readonly host?: Host;
  readonly file: string;
  readonly mode: 'manage' | 'weights' | 'trackfile';
  readonly more?: readonly string[];
}

/** One guest with the words in which scenarios are told. All times are the guest's clock. */
export interface Lab {
  now(): Promise<number>;
  pause(milliseconds: number): Promise<void>;
  /** Polls until it holds; fails with the sentence after `limit` milliseconds. Returns the guest's time. */
  until(sentence: string, holds: () => Promise<boolean>, limit?: number): Promise<number>;
  /** Runs a shell line that must exit with 0, and returns its output. */
  run(host: Host, line: string): Promise<string>;
  start(name: string, host: Host, ...argv: [string, ...string[]]): Promise<void>;
  signal(name: string, signal: 'SIGTERM' | 'SIGHUP' | 'SIGKILL'): Promise<number>;
  /** Waits for the program's end. */
  ended(name: string): Promise<Ending>;
  log(name: string): Promise<string>;
  /** The named real servers begin to answer on port 80. */
  revive(...hosts: Host[]): Promise<void>;
  kill(...hosts: Host[]): Promise<void>;
  table(host?: Host): Promise<Sample['services']>;
  /** Waits until the host's table is exactly this. */
  tableIs(services: Sample['services'], host?: Host): Promise<number>;
  watch(host?: Host): Promise<void>;
  unwatch(host?: Host): Promise<Answers['unwatch']>;
  ambush(name: string, delay: number): Promise<Answers['ambush']>;
  /** Kills the programs and reads the first director's table every `every` milliseconds: when that was, by the clock and in seconds since the boot, and how long until each of `count` destinations had lost its weight. */
  fall(names: readonly string[], count: number, every: number): Promise<Answers['fall']>;
  /** Connections that the host's kernel has accepted since it came up. */
  accepted(host: Host): Promise<number>;
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  /** Starts `checkalived run`; state in /run/state-NAME. */
  startAgent(options: AgentOptions): Promise<void>;
  /** GET from the agent on the host, as status and body; 0 when it does not answer. */
  get(path: string, host?: Host): Promise<{ readonly status: number; readonly body: string }>;
  ready(host?: Host): Promise<number>;
  /** Waits until the agent on the first director says so of that real server, in all its virtual servers. */
  stateIs(realServer: string, state: string): Promise<number>;
  query<Row>(name: string, query: string): Promise<Row[]>;
  /** The client asks these all the time; a pair is its address and a URL. */
  startClient(...pairs: [from: string, url: string][]): Promise<void>;
  answers(since: number, url?: string): Promise<Answer[]>;
  /** Waits for a dozen answers of that URL to requests begun since then; all must come from just these. */
  answeredBy(since: number, url: string, ...hosts: Host[]): Promise<void>;
  startMail(): Promise<void>;
  mails(): Promise<Mail[]>;
}

/** A suite with a guest of its own, which is booted for the first test and gone after the last. */
export function scenario(name: string): { test: Suite; lab: Lab } {
  const inner = suite(name, 240_000);
  let guest: Guest | null = null;
  const lab = labOf(() => {
    if (!guest) throw new Error('the guest is not up');
    return guest;
  });
  inner.after(async () => {
    await guest?.powerOff();
  });
  const test = (title: string, body: () => Promise<void>) =>
    inner(title, async () => {
      // Not in a `before`: what fails there is no failed test.
      guest ??= await bootGuest(600);
      try {
        await body();
      } catch (fault) {
        console.error(`\n${await guest.logs().catch(String)}`);
        throw fault;
      }
    });
  return { test: Object.assign(test, inner) as Suite, lab };
}

function labOf(guest: () => Guest): Lab {
  const ask = <Asked extends Question>(question: Asked) => guest().ask(question);
  const pause = (milliseconds: number) => new Promise<void>(resolve => setTimeout(resolve, milliseconds));
  const now = async () => (await ask({ ask: 'now' })).at;
  const read = async (path: string) => (await ask({ ask: 'read', path })).text;
  // A start takes ten seconds and more of the guest's one processor where the machine is slow.
  const until: Lab['until'] = async (sentence, holds, limit = 30_000) => {
    const end = Date.now() + limit;
    while (!(await holds())) {
      assert.ok(Date.now() < end, `after ${limit} ms still not so: ${sentence}`);
      await pause(50);
    }
    return await now();
  };
  const start: Lab['start'] = async (name, host, ...argv) => void (await ask({ ask: 'start', name, host, argv }));
  const listening = (host: Host, port: number) =>
    until(`${host} listens`, async () => (await lab.run(host, `ss -Hltn sport = ${port}`)) !== '');
  const get: Lab['get'] = async (path, host = 'dir1') => {
    const line = `exec 3<>/dev/tcp/127.0.0.1/9650 && printf 'GET ${path} HTTP/1.1\\r\\nHost: lab\\r\\nConnection: close\\r\\n\\r\\n' >&3 && cat <&3`;
    const { output } = await ask({ ask: 'run', host, line });
    return {
      status: Number(/^HTTP\/1.1 (\d+)/.exec(output)?.[1] ?? 0),
      body: output.split('\r\n\r\n').slice(1).join(),
    };
  };
  const lab: Lab = {
    now,
    pause,
    until,
    run: async (host, line) => {
      const { code, output, errors } = await ask({ ask: 'run', host, line });
      assert.is(code, 0, `${line}: ${output}${errors}`);
      return output;
    },
    start,
    signal: async (name, signal) => (await ask({ ask: 'signal', name, signal })).at,
    ended: async name => {
      const end = async () => (await ask({ ask: 'ended', name })).end;
      await until(`${name} has ended`, async () => (await end()) !== null);
      const ending = await end();
      if (!ending) throw new Error(`${name} rose again`);
      return ending;
    },
    log: name => read(`/run/log/${name}`),
    revive: async (...hosts) => {
      for (const host of hosts) await start(host, host, 'node', 'test/lab/inside/web.js', host, '80');
      for (const host of hosts) await listening(host, 80);
    },
    kill: async (...hosts) => {
      for (const host of hosts) await ask({ ask: 'signal', name: host, signal: 'SIGKILL' });
    },
    table: async (host = 'dir1') => (await ask({ ask: 'table', host })).services,
    tableIs: async (services, host) => {
      let seen = '';
      const wanted = inOrder(services);
      const same = async () => {
        seen = inOrder(await lab.table(host));
        return seen === wanted;
      };
      return await until(`the table is ${wanted}`, same).catch(fault => {
        throw new Error(`${fault.message}; it is ${seen}`);
      });
    },
    watch: async (host = 'dir1') => void (await ask({ ask: 'watch', host })),
    unwatch: (host = 'dir1') => ask({ ask: 'unwatch', host }),
    ambush: (name, delay) => ask({ ask: 'ambush', host: 'dir1', name, delay }),
    fall: (names, count, every) => ask({ ask: 'fall', host: 'dir1', names, count, every }),
    accepted: async host => {
      const [names = '', values = ''] = (await lab.run(host, 'grep ^Tcp: /proc/net/snmp')).split('\n');
      return Number(values.split(' ')[names.split(' ').indexOf('PassiveOpens')]);
    },
    write: async (path, text) => void (await ask({ ask: 'write', path, text })),
    read,
    startAgent: async ({ name = 'checkalived', host = 'dir1', file, mode, more = [] }) => {
      const options = ['-f', file, '--ipvs', mode, '--state-dir', `/run/state-${name}`, '--listen', '127.0.0.1:9650'];
      await start(name, host, 'bin/checkalived', 'run', ...options, '--log-format', 'json', ...more);
    },
    get,
    ready: host => until('/readyz says 200', async () => (await get('/readyz', host)).status === 200),
    stateIs: (realServer, state) =>
      until(`${realServer} is ${state}`, async () => {
        const { status, body } = await get('/api/v1/status');
        if (status !== 200) return false;
        const { virtualServers } = JSON.parse(body) as Pick<Snapshot, 'virtualServers'>;
        const states = virtualServers.flatMap(vs =>
          vs.realServers.filter(rs => rs.id === realServer).map(rs => rs.state),
        );
        return states.length > 0 && states.every(seen => seen === state);
      }),
    query: async <Row>(name: string, query: string) => {
      const line = `node test/lab/inside/rows.js /run/state-${name}/checkalived.db "${query}"`;
      return JSON.parse(await lab.run('dir1', line)) as Row[];
    },
    startClient: (...pairs) =>
      start('client', 'client', 'node', 'test/lab/inside/client.js', '/run/answers', ...pairs.flat()),
    answers: async (since, url) =>
      linesOf<Answer>(await read('/run/answers')).filter(answer => answer.at >= since && (!url || answer.url === url)),
    answeredBy: async (since, url, ...hosts) => {
      await until(`a dozen answers from ${url}`, async () => (await lab.answers(since, url)).length >= 12);
      const answers = await lab.answers(since, url);
      const from = [...new Set(answers.map(answer => answer.from ?? `${answer.fault}`))].sort();
      assert.equal(from, hosts, `${url} since ${since}: ${JSON.stringify(answers)}`);
    },
    startMail: async () => {
      await start('mail', 'mail', 'node', 'test/lab/inside/mail.js', '/run/mails');
      await listening('mail', 25);
    },
    mails: async () => linesOf<Mail>(await read('/run/mails')),
  };
  return lab;
}

/** Text that is the same for the same services and weights in whatever order. */
function inOrder(services: Sample['services']): string {
  const names = Object.values(services).flatMap(weights => Object.keys(weights));
  return JSON.stringify(services, [...Object.keys(services), ...names].sort());
}

/** The last line may still be in the making. */
function linesOf<Line>(text: string): Line[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Line);
}
