import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** How `keepalived -t` ended on one file, and what it said. */
export interface Verdict {
  /** 0: no complaint, 128 + N: ended by signal N, null: it had to be killed because it did not end. */
  readonly exit: number | null;
  readonly messages: readonly string[];
}

export interface Keepalived {
  /** Tests a file; `options` are further words of the command line. One run at a time, others wait. */
  test(path: string, options?: readonly string[]): Promise<Verdict>;
  close(): Promise<void>;
}

/** Why keepalived cannot be run here, or null when it can. */
export function whyNoKeepalived(): string | null {
  const version = spawnSync('keepalived', ['-v'], { encoding: 'utf8' });
  if (version.error) return 'keepalived is not installed';
  if (!/Keepalived v2\.2\.7\b/.test(version.stderr)) return 'keepalived is not version 2.2.7';
  const namespace = spawnSync('unshare', ['--net', '--mount', 'true']);
  return namespace.status === 0 ? null : 'network namespaces cannot be made: this needs root';
}

/** A run that takes longer is killed, in seconds. */
const deadline = 10;
const killed = 128 + 9;
const enclose = [
  // What keepalived writes is lost with the namespace, or refused.
  'mount -t tmpfs tmpfs /run',
  'for place in /etc /var; do mount --bind "$place" "$place" && mount -o remount,bind,ro "$place"; done',
  'ulimit -c 0',
  'ip link set lo up',
];
/** An interface that keepalived misses is a fault of the machine, so it is made and the file is tested again. */
const rounds = 4;

/**
 * A shell in a network and mount namespace of its own that runs one `keepalived -t` after the other: there is no network
 * and no DNS in it. Interfaces that files name come up as keepalived asks for them, and stay.
 */
export function startKeepalived(): Keepalived {
  const shell = spawn('unshare', ['--net', '--mount', '--kill-child', 'sh'], { stdio: 'pipe' });
  const mark = `--${randomBytes(12).toString('hex')}--`;
  const answers = readAnswers(shell, mark);
  const ask = (command: string): Promise<Answer> => {
    const answer = answers();
    shell.stdin.write(`{ ${command}; } </dev/null 2>&1; printf '\\n%s%s\\n' '${mark}' $?\n`);
    return answer;
  };
  for (const command of enclose) void ask(command);
  const made = new Set<string>();
  const makeInterface = async (name: string): Promise<boolean> => {
    if (made.has(name)) return false;
    made.add(name);
    // Kernels differ in what they can make; keepalived takes either for a network card.
    for (const kind of ['bridge', 'dummy'])
      if ((await ask(`ip link add name ${quote(name)} type ${kind}`)).exit === 0) return true;
    return false;
  };
  const namespaces = new Set<string>();
  // Without its network namespace keepalived ends at once and is silent: so the shell's own gets that name, too.
  const nameNamespaces = async (path: string): Promise<void> => {
    for (const [, name = ''] of readFileSync(path, 'latin1').matchAll(/\bnet_namespace(?:_ipvs)?\s+([\w.-]+)/g)) {
      if (!namespaces.has(name)) await ask(`ip netns attach ${quote(name)} $$`);
      namespaces.add(name);
    }
  };
  const run = async (path: string, options: readonly string[]): Promise<Verdict> => {
    const words = [...options, '-t', '-f', path].map(quote).join(' ');
    const { exit, text } = await ask(`timeout -s KILL ${deadline} keepalived ${words}`);
    return { exit: exit === killed ? null : exit, messages: text.split('\n').filter(line => line !== '') };
  };
  const test = async (path: string, options: readonly string[] = []): Promise<Verdict> => {
    await nameNamespaces(path);
    for (let round = 1; ; round++) {
      const verdict = await run(path, options);
      let anyMade = false;
      for (const name of verdict.messages.flatMap(nameMissing)) anyMade = (await makeInterface(name)) || anyMade;
      if (!anyMade || round === rounds) return verdict;
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    test: (path, options) => {
      const result = last.then(() => test(path, options));
      last = result.catch(() => {});
      return result;
    },
    close: () =>
      new Promise(resolve => {
        shell.once('close', () => resolve());
        shell.stdin.end();
      }),
  };
}

interface Answer {
  readonly exit: number;
  readonly text: string;
}

/** Cuts what the shell prints at its marks, and gives each piece to the oldest question that is still open. */
function readAnswers(shell: ChildProcessWithoutNullStreams, mark: string): () => Promise<Answer> {
  const waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (fault: Error) => void }[] = [];
  let text = '';
  shell.stdout.setEncoding('utf8');
  shell.stdout.on('data', (piece: string) => {
    text += piece;
    for (;;) {
      const start = text.indexOf(`\n${mark}`);
      const end = start < 0 ? -1 : text.indexOf('\n', start + 1);
      if (end < 0) return;
      const exit = Number(text.slice(start + 1 + mark.length, end));
      waiting.shift()?.resolve({ exit, text: text.slice(0, start) });
      text = text.slice(end + 1);
    }
  });
  // The shell itself only says which of its commands crashed; the exit code says that too.
  shell.stderr.resume();
  shell.on('close', () => {
    for (const { reject } of waiting.splice(0)) reject(new Error('The shell that runs keepalived has ended.'));
  });
  return () => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function nameMissing(message: string): string[] {
  const match = /\binterface (\S+) (?:for .* |specified for garp_group )?doesn't exist/.exec(message);
  return match?.[1] === undefined ? [] : [match[1]];
}
