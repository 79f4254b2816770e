import type { ReadResult } from '../../config/read.ts';
import { isNoVerdict } from '../../engine/no-verdicts.ts';
import { runChecker } from '../../engine/run-checker.ts';
import type { CheckContext, Checker, CheckPlan, CheckResult } from '../../model/check.ts';
import type { RealServer, VirtualServer } from '../../model/server.ts';
import type { Io, Modules } from '../io.ts';
import { readForWork } from '../load.ts';
import { formatMs } from '../output/status-table.ts';
import { type Cell, formatTable } from '../output/table.ts';
import { matches } from '../pattern.ts';
import { runJobs } from '../run-jobs.ts';
import { printPlan } from './check-plan.ts';

export interface CheckOptions {
  readonly file: string;
  readonly configId: string;
  readonly json: boolean;
  /** Only what matches this. */
  readonly only: string | null;
  readonly lenient: boolean;
  /** Says what would be run, and runs nothing. */
  readonly plan: boolean;
}

/** One line of the table. */
interface Finding {
  readonly virtualServer: string;
  readonly realServer: string;
  readonly type: string | null;
  /** null: no verdict. */
  readonly up: boolean | null;
  readonly durationMs: number | null;
  readonly reason: string | null;
  readonly detail: string;
  /** Of a check that passes. */
  readonly warning: string | null;
}
interface Job {
  readonly virtualServer: VirtualServer;
  readonly realServer: RealServer;
  /** null: nothing to run. */
  readonly plan: CheckPlan | null;
}

/** Runs every check once, or with `plan` none. 0: all up, 2: something is down, 3: something could not be checked. */
export async function checkOnce(options: CheckOptions, io: Io, modules: Modules): Promise<number> {
  const loaded = await readForWork(options, io, modules);
  if (!loaded) return 3;
  const jobs = listJobs(loaded.config.virtualServers, options.only);
  if (jobs.length === 0) {
    const problem = options.only
      ? `nothing in ${options.file} matches --only ${options.only}; it is compared with virtual servers, real servers and checkers`
      : `${options.file} has no real server to check`;
    io.stderr.write(`checkalived: ${problem}\n`);
    return 3;
  }
  if (options.plan) {
    const checks = jobs.flatMap(({ plan, ...whose }) => (plan === null ? [] : [{ ...whose, plan }]));
    printPlan(checks, loaded.checkers, options.json, io);
    return 0;
  }
  const findings = await runChecks(jobs, loaded, io, modules);
  if (!findings) {
    io.stderr.write('checkalived: interrupted\n');
    return 3;
  }
  const exit = findings.some(each => each.up === false) ? 2 : findings.some(each => each.up === null) ? 3 : 0;
  if (options.json) io.stdout.write(`${JSON.stringify({ ok: exit === 0, checks: findings }, null, 2)}\n`);
  else print(findings, io);
  return exit;
}

function listJobs(virtualServers: readonly VirtualServer[], only: string | null): Job[] {
  return virtualServers
    .flatMap(virtualServer =>
      virtualServer.realServers.flatMap((realServer): Job[] =>
        realServer.checks.length === 0 || realServer.unchecked !== null
          ? [{ virtualServer, realServer, plan: null }]
          : realServer.checks.map(plan => ({ virtualServer, realServer, plan })),
      ),
    )
    .filter(
      ({ virtualServer, realServer, plan }) =>
        only === null ||
        [virtualServer.id, virtualServer.name, realServer.id, realServer.name, plan?.type ?? ''].some(text =>
          matches(text, only),
        ),
    );
}

/** null when interrupted. */
async function runChecks(
  jobs: readonly Job[],
  loaded: Pick<ReadResult, 'config' | 'checkers'>,
  io: Io,
  modules: Modules,
): Promise<Finding[] | null> {
  const { context, close } = modules.openContext(loaded.config);
  const checkers = new Map(loaded.checkers.map(checker => [checker.keyword, checker]));
  const tellBug = (type: string, fault: string): void => io.stderr.write(`checkalived: bug in ${type}: ${fault}\n`);
  try {
    return await runJobs(jobs, (job, signal) => runJob(job, checkers, { ...context, signal }, tellBug), io);
  } finally {
    await close();
  }
}

async function runJob(
  { virtualServer, realServer, plan }: Job,
  checkers: ReadonlyMap<string, Checker>,
  context: CheckContext,
  tellBug: (type: string, fault: string) => void,
): Promise<Finding> {
  const whose = { virtualServer: virtualServer.id, realServer: realServer.id };
  const nothing = { durationMs: null, reason: null, warning: null };
  if (!plan) {
    return realServer.unchecked === null
      ? { ...whose, ...nothing, type: null, up: true, detail: 'no checker: always up' }
      : { ...whose, ...nothing, type: null, up: null, detail: realServer.unchecked };
  }
  const checker = checkers.get(plan.type);
  if (!checker) throw new Error(`no checker has the keyword ${plan.type}`);
  const result = await runChecker(checker, plan.spec, context, fault => tellBug(plan.type, fault));
  return { ...whose, type: plan.type, ...judge(result) };
}

/** What says more of us than of the server is no verdict. */
function judge(result: CheckResult): Pick<Finding, 'up' | 'durationMs' | 'reason' | 'detail' | 'warning'> {
  const durationMs = Math.round(result.took * 1000) / 1000;
  const { detail } = result;
  if (result.ok) return { up: true, durationMs, reason: 'ok', detail, warning: result.warning ?? null };
  return { up: isNoVerdict(result) ? null : false, durationMs, reason: result.reason, detail, warning: null };
}

function print(findings: readonly Finding[], { stdout }: Io): void {
  const { colours, isTerminal, columns } = stdout;
  const lines = formatTable(
    [
      { title: 'VIRTUAL SERVER' },
      { title: 'REAL SERVER' },
      { title: 'CHECK' },
      { title: 'RESULT' },
      { title: 'TIME', align: 'right' },
      { title: 'REASON' },
      { title: 'DETAIL' },
    ],
    findings.map(finding => [
      finding.virtualServer,
      finding.realServer,
      finding.type ?? '-',
      describeResult(finding.up),
      finding.durationMs === null ? '-' : formatMs(finding.durationMs),
      finding.reason ?? '-',
      describeDetail(finding),
    ]),
    isTerminal ? { colours, width: columns } : { colours },
  );
  const count = (up: boolean | null): number => findings.filter(each => each.up === up).length;
  const unknown = count(null);
  stdout.write(
    `${lines.join('\n')}\n\n${count(true)} up, ${count(false)} down${unknown > 0 ? `, ${unknown} could not be checked` : ''}\n`,
  );
}

function describeResult(up: boolean | null): Cell {
  if (up === null) return { text: 'unknown', style: 'yellow' };
  return up ? { text: 'up', style: 'green' } : { text: 'down', style: 'red' };
}

/** A warning may be all that there is to say. */
function describeDetail({ detail, warning }: Finding): string {
  return warning === null || warning === detail ? detail : `${detail}, but ${warning}`;
}
