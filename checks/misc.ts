import type { CheckContext, Checker, CheckResult, ResultReceiver, RunningCheck } from '../src/model/check.ts';
import type { CommandOutcome, CommandReceiver } from '../src/model/ports.ts';
import type { Script, ScriptUser } from '../src/model/server.ts';
import type { Clock, Ms } from '../src/model/time.ts';
import { checkByBeginning } from './begin.ts';

export interface MiscSpec {
  readonly argv: readonly [string, ...string[]];
  readonly user?: ScriptUser;
  readonly timeout: Ms;
  readonly dynamic: boolean;
}

// keepalived check_misc.c: KILL comes two seconds after TERM.
const killAfter: Ms = 2000;
/** Bytes of output to keep: its last line tells why. */
const keepOutput = 512;

/** Runs a command; its exit code is the verdict, and with misc_dynamic the weight. */
export const misc: Checker<MiscSpec> = {
  keyword: 'MISC_CHECK',
  doc: 'Runs a command without a shell; exit code 0 passes.',
  params: [
    {
      name: 'misc_path',
      type: { kind: 'script', user: false },
      doc: 'Command with its arguments, in quotes: `"/usr/local/bin/check db 3306"`.',
      required: true,
    },
    {
      name: 'misc_timeout',
      type: { kind: 'int', min: 0, max: 4294 },
      doc: 'Whole seconds after which the command gets SIGTERM, and SIGKILL 2 seconds later; the check has failed.',
      default: 'delay_loop',
    },
    {
      name: 'misc_dynamic',
      type: { kind: 'flag' },
      doc: 'Exit code 0 passes, 1 fails, and 2 to 255 pass with a weight of the code less 2.',
    },
    {
      name: 'user',
      type: { kind: 'user' },
      doc: 'User, and group, to run the command as.',
      default: 'script_user',
      since: '1.3.0',
    },
  ],
  defaultRetry: 0,
  defaultDelayBeforeRetry: 1000,
  pace: 'start',
  solitary: 'a script may do more than look',
  mail: {
    up: 'MISC CHECK succeeded on service',
    down: 'MISC CHECK failed on service',
    timedOut: 'MISC CHECK timed out on service',
  },
  plan(values, target, report) {
    const script = values.get<Script>('misc_path');
    if (!script) {
      report(
        'error',
        'no-misc-path',
        'MISC_CHECK has no misc_path, so there is nothing to run',
        values.span,
        'write: misc_path "/path/to/command arguments"',
      );
      return [];
    }
    const user = values.get<ScriptUser>('user') ?? script.user ?? target.scriptUser ?? undefined;
    const seconds = values.get<number>('misc_timeout') ?? 0;
    return [
      {
        argv: script.argv,
        ...(user && { user }),
        timeout: seconds > 0 ? seconds * 1000 : target.delayLoop,
        dynamic: values.has('misc_dynamic'),
      },
    ];
  },
  check: checkByBeginning(begin),
  begin,
  longest: spec => spec.timeout + killAfter,
};

function begin(
  spec: MiscSpec,
  { clock, commands }: Pick<CheckContext, 'clock' | 'commands'>,
  receiver: ResultReceiver,
): RunningCheck {
  const { argv, user, timeout } = spec;
  const request = { argv, ...(user && { user }), timeout, killAfter, keepOutput };
  return commands.begin(request, new MiscCheck(spec, clock, receiver));
}

class MiscCheck implements CommandReceiver {
  readonly #spec: MiscSpec;
  readonly #clock: Clock;
  readonly #receiver: ResultReceiver;
  readonly #start: Ms;

  constructor(spec: MiscSpec, clock: Clock, receiver: ResultReceiver) {
    this.#spec = spec;
    this.#clock = clock;
    this.#receiver = receiver;
    this.#start = clock.now();
  }

  ended(outcome: CommandOutcome): void {
    const now = this.#clock.now();
    this.#receiver.finished(judge(this.#spec, outcome, now - this.#start), now);
  }
}

function judge(spec: MiscSpec, outcome: CommandOutcome, took: Ms): CheckResult {
  switch (outcome.kind) {
    case 'exited':
      return judgeCode(spec.dynamic, outcome.code, outcome.output, took);
    case 'signalled':
      return { ok: false, took, reason: 'script', detail: describe(`killed by ${outcome.signal}`, outcome.output) };
    case 'timed-out':
      // Even if the command answered SIGTERM with exit code 0: it was too late.
      return {
        ok: false,
        took,
        reason: 'timeout_script',
        detail: describe(`not finished after ${spec.timeout / 1000} s`, outcome.output),
      };
    case 'not-started':
      return { ok: false, took, reason: 'script', detail: outcome.detail };
    case 'aborted':
      return { ok: false, took, reason: 'internal', detail: 'aborted' };
  }
}

/** keepalived check_misc.c:misc_check_child_thread. */
function judgeCode(dynamic: boolean, code: number, output: string, took: Ms): CheckResult {
  const detail = describe(`exit code ${code}`, output);
  if (code === 0) return { ok: true, took, detail };
  if (dynamic && code >= 2) return { ok: true, took, weight: code - 2, detail };
  return { ok: false, took, reason: 'script', detail };
}

function describe(what: string, output: string): string {
  const line = output.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? what : `${what}: ${line}`;
}
