import type { ConfigNode } from '../text/node.ts';
import { readScript } from '../values/read-command.ts';
import type { LintContext } from './rule.ts';

/** A keyword that names a command, and its program: a path, or a name that is looked for in PATH. */
export interface UsedScript {
  readonly node: ConfigNode;
  readonly program: string;
}

type ScriptContext = Pick<LintContext, 'scripts' | 'config'>;

/** The keywords of vrrp_script, vrrp_instance and vrrp_sync_group. */
const ofVrrp: ReadonlySet<string> = new Set([
  'script',
  'notify',
  'notify_master',
  'notify_backup',
  'notify_fault',
  'notify_stop',
  'notify_deleted',
  'notify_master_rx_lower_pri',
]);

/**
 * The commands that stand in a configuration, in its order. Those of VRRP are run, and looked at, only beside a
 * vrrp_instance (keepalived vrrp/vrrp.c:check_vrrp_script_security).
 */
export function findScripts({ scripts, config }: ScriptContext): readonly UsedScript[] {
  const idle = config.vrrp.instances.length === 0;
  return scripts().flatMap(node => {
    if (idle && ofVrrp.has(node.param.name)) return [];
    const program = readScript(node, true, { report: () => {}, strict: false })?.argv[0];
    return program === undefined || isOpenTest(program) ? [] : { node, program };
  });
}

/** `<PATH` only asks whether a file can be opened (keepalived lib/notify.c:check_script_secure). */
function isOpenTest(program: string): boolean {
  return /^<[ \t]*\//.test(program);
}

/** Each program with a path once, at the place where it stands first. */
export function findPrograms(context: ScriptContext): readonly UsedScript[] {
  const seen = new Set<string>();
  return findScripts(context).filter(({ program }) => {
    const isNew = program.startsWith('/') && !seen.has(program);
    seen.add(program);
    return isNew;
  });
}

/** For the examples of rules. */
export function exampleCheck(path: string): Readonly<Record<string, readonly string[]>> {
  return { '10.0.0.2 80': ['MISC_CHECK {', `misc_path "${path} 10.0.0.2"`, '}'] };
}

/** For the examples of rules. */
export const exampleGlobals: readonly string[] = ['global_defs {', 'script_user nobody', 'enable_script_security', '}'];
