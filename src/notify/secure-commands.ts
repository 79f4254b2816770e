import type { CommandRunner } from '../model/ports.ts';
import type { ScriptUser } from '../model/server.ts';
import { findScriptFault, type RunsAs } from './security.ts';

/**
 * Commands without a user of their own run as `script_user`, or as keepalived_script where that user exists. With
 * enable_script_security a command that would run as root while others could alter it is not started: the check fails,
 * the notification fails, and both say why. Looked at before each run, since files change; keepalived looks
 * once, and drops the check, which leaves its server in service unchecked (core/notify.c:check_script_secure).
 */
export function secureCommands(
  commands: CommandRunner,
  modules: {
    readonly enabled: () => boolean;
    /** Whom a command without a user of its own runs as; the agent's own user when there is none. */
    readonly scriptUser: () => ScriptUser | null;
    readonly identityOf: (user: ScriptUser | null) => RunsAs | null;
    readonly searchPath: readonly string[];
  },
): CommandRunner {
  const { enabled, scriptUser, identityOf, searchPath } = modules;
  return {
    async run(request, signal) {
      const user = request.user ?? scriptUser();
      const identity = enabled() ? identityOf(user) : null;
      const fault = identity && findScriptFault(request.argv[0], identity, searchPath);
      if (fault) return { kind: 'not-started', detail: `${request.argv[0]}: ${fault} (enable_script_security)` };
      return commands.run(user ? { ...request, user } : request, signal);
    },
  };
}
