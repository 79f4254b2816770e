import type { AlertChannel } from '../../model/alert.ts';
import type { Checker } from '../../model/check.ts';
import type { Param, Params } from '../../model/params.ts';
import { globalRows } from './global-defs.ts';
import { realServerRows } from './real-server.ts';
import { type RefusedChecker, refusedCheckers } from './refused-checkers.ts';
import { rootLineRows } from './root-lines.ts';
import { alphaRow, endpoint, int, logAllFailuresRow, maxUnsigned, row, schedulingRows, watchRow } from './rows.ts';
import { channelRow, settingsRows } from './settings.ts';
import { sslRows } from './ssl.ts';
import { virtualServerRows } from './virtual-server.ts';
import { vrrpRows } from './vrrp-blocks.ts';

/** The tables of all blocks, with the blocks of these checkers. */
export interface KeywordTables {
  readonly root: Params;
  readonly globalDefs: Params;
  readonly settings: Params;
  readonly virtualServer: Params;
  readonly realServer: Params;
  readonly checkers: ReadonlyMap<string, Params>;
  /** By keyword, each with its table in `checkers`. */
  readonly refused: ReadonlyMap<string, RefusedChecker>;
}

/** Checkers that keepalived did not always have. */
const checkersSince: Readonly<Partial<Record<string, string>>> = {
  DNS_CHECK: '1.3.0',
  BFD_CHECK: '2.0.0',
  UDP_CHECK: '2.1.0',
  PING_CHECK: '2.1.0',
  FILE_CHECK: '2.1.0',
};

/** `channels`: none, if left out, has a block in `checkalived`. */
export function createTables(checkers: readonly Checker[], channels: readonly AlertChannel[] = []): KeywordTables {
  const settings: Params = [...settingsRows, ...channels.map(channelRow)];
  const written = new Map(checkers.map(checker => [checker.keyword, checkerRows(checker)]));
  const refused = refusedCheckers.filter(({ keyword }) => !written.has(keyword));
  const checkerTables = new Map([...written, ...refused.map(({ keyword, params }) => [keyword, params] as const)]);
  const realServer: Params = [
    ...realServerRows,
    ...checkers.map(({ keyword, doc, ours }) => checkerRow(keyword, doc, ours === true ? { ours } : {})),
    ...refused.map(({ keyword, doc }) => checkerRow(keyword, doc)),
  ];
  function checkerRow(keyword: string, doc: string, more: Pick<Param, 'ours'> = {}): Param {
    const type = { kind: 'block', params: checkerTables.get(keyword) ?? [] } as const;
    return row(keyword, type, doc, { repeat: 'all', ...sinceOf(keyword), ...more });
  }
  const virtualServer: Params = [
    ...virtualServerRows,
    row('real_server', { kind: 'block', params: realServer, head: endpoint }, 'A server behind the service.', {
      repeat: 'all',
    }),
  ];
  const root: Params = [
    row('global_defs', { kind: 'block', params: globalRows }, 'What concerns everything.', { repeat: 'all' }),
    row(
      'virtual_server_group',
      { kind: 'list', head: { kind: 'word' } },
      'Addresses, ranges and fwmarks that share their real servers.',
      {
        repeat: 'all',
      },
    ),
    row('virtual_server', { kind: 'block', params: virtualServer, head: endpoint }, 'A service.', { repeat: 'all' }),
    row('checkalived', { kind: 'block', params: settings }, 'Settings of checkalived.', {
      repeat: 'all',
      ours: true,
    }),
    row(
      'SSL',
      { kind: 'block', params: sslRows },
      'What SSL_GET shows of itself to servers that ask for a certificate.',
      {
        repeat: 'replace',
      },
    ),
    ...rootLineRows,
    ...vrrpRows,
  ];
  return {
    root,
    globalDefs: globalRows,
    settings,
    virtualServer,
    realServer,
    checkers: checkerTables,
    refused: new Map(refused.map(checker => [checker.keyword, checker])),
  };
}

/** These rows and those of the blocks within. */
export function listRows(params: Params): Params {
  return params.flatMap(param => [param, ...(param.type.kind === 'block' ? listRows(param.type.params) : [])]);
}

function sinceOf(keyword: string): Pick<Param, 'since'> {
  const since = checkersSince[keyword];
  return since === undefined ? {} : { since };
}

/** A checker's own rows with the ones that all checkers share; where both have a name, the checker's row counts. */
function checkerRows(checker: Checker): Params {
  if (checker.immediate) return checker.params;
  const own = new Set(checker.params.map(param => param.name));
  const common: Params = [
    ...schedulingRows('checker').map(param => ({ ...param, ...ownDefault(param.name, checker) })),
    row(
      'nb_get_retry',
      int(0, maxUnsigned),
      'Taken for retry, though keepalived knows it in HTTP_GET and SSL_GET only.',
    ),
    alphaRow,
    logAllFailuresRow,
    ...(checker.peer === undefined ? [] : [watchRow]),
  ];
  return [...common.filter(param => !own.has(param.name)), ...checker.params];
}

/** What a checker does when neither it nor a block around it says so. */
function ownDefault(name: string, { defaultRetry, defaultDelayBeforeRetry }: Checker): Pick<Param, 'default'> {
  if (name === 'retry') return { default: `of the real server, else ${defaultRetry}` };
  if (name !== 'delay_before_retry') return {};
  const delay = defaultDelayBeforeRetry === 'delay_loop' ? 'delay_loop' : defaultDelayBeforeRetry / 1000;
  return { default: `of the real server, else ${delay}` };
}
