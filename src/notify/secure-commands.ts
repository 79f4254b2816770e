import type { CommandRequest, CommandStarter, RunningCommand } from '../model/ports.ts';
import type { ScriptUser } from '../model/server.ts';
import { findScriptFault, type RunsAs } from './security.ts';

/**
 * Commands without a user of their own run as `script_user`, or as keepalived_script where that user exists. With
 * enable_script_security a command that would run as root while others could alter it is not started: the check fails,
 * the notification fails, and both say why. Looked at before each run, since files change; keepalived looks
 * once, and drops the check, which leaves its server in service unchecked (core/notify.c:check_script_secure).
 */
export function secureCommands(
  commands: CommandStarter,
  modules: {
    readonly enabled: () => boolean;
    /** Whom a command without a user of its own runs as; the agent's own user when there is none. */
    readonly scriptUser: () => ScriptUser | null;
    readonly identityOf: (user: ScriptUser | null) => RunsAs | null;
    readonly searchPath: readonly string[];
  },
): CommandStarter {
  const { enabled, scriptUser, identityOf, searchPath } = modules;
  /** The request as it is to be run; a string: why it is not. */
  const admit = (request: CommandRequest): CommandRequest | string => {
    const user = request.user ?? scriptUser();
    const identity = enabled() ? identityOf(user) : null;
    const fault = identity && findScriptFault(request.argv[0], identity, searchPath);
    if (fault) return `${request.argv[0]}: ${fault} (enable_script_security)`;
    return user ? { ...request, user } : request;
  };
  return {
    async run(request, signal) {
      const admitted = admit(request);
      if (typeof admitted === 'string') return { kind: 'not-started', detail: admitted };
      return commands.run(admitted, signal);
    },
    begin(request, receiver) {
      const admitted = admit(request);
      if (typeof admitted !== 'string') return commands.begin(admitted, receiver);
      queueMicrotask(() => receiver.ended({ kind: 'not-started', detail: admitted }));
      return notRunning;
    },
  };
}

const notRunning: RunningCommand = { abort: () => {} };
