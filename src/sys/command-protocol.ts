import type { CommandOutcome } from '../model/ports.ts';
import type { ScriptUser } from '../model/server.ts';

/** Of the helper: where the agent speaks with it. */
export const channelDescriptor = 3;

/** What the agent tells its helper, in messages of several: each message costs both. A slot holds one command at a time. */
export type HelperRequest =
  | {
      readonly type: 'run';
      readonly slot: number;
      readonly argv: readonly [string, ...string[]];
      readonly user?: ScriptUser;
      readonly environment?: Readonly<Record<string, string>>;
      readonly keepOutput: number;
    }
  /** To the command's whole process group. */
  | { readonly type: 'kill'; readonly slot: number; readonly signal: 'SIGTERM' | 'SIGKILL' };

/** What the helper tells the agent, in messages of several too. */
export type HelperReport =
  | { readonly type: 'ready' }
  | { readonly type: 'ended'; readonly slot: number; readonly outcome: CommandOutcome };
