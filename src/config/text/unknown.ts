import type { Params, Word } from '../../model/params.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { findNearest } from '../nearest.ts';
import { mayPrecedeSecret } from '../secrets.ts';

/** Of the blocks that a keyword belongs in, those that are named. */
const mostHomes = 3;

/** Says that a keyword is unknown, how bad that is and what may have been meant. `path`: the blocks around it. */
export function reportUnknown(
  keyword: Word,
  block: boolean,
  params: Params,
  path: readonly string[],
  root: Params,
  diagnostics: Diagnostics,
): void {
  const around = path.at(-1);
  const where = around === undefined ? 'here' : `in ${around}`;
  const insideChecker = path.includes('real_server') && around !== 'real_server';
  const keepalived = path[0] !== 'checkalived';
  const advice = advise(keyword.text, params, around, root);
  if (block && around === 'real_server') {
    const message = `There is no checker ${show(keyword.text)}: the real server is left unchecked.`;
    diagnostics.report('unknown-checker', keyword.span, message, advice);
  } else if (block) {
    const message = `There is no block ${show(keyword.text)} ${where}; it is skipped.`;
    diagnostics.report(
      'unknown-block',
      keyword.span,
      message,
      advice,
      insideChecker || around === 'virtual_server' || isService(keyword.text, params, around)
        ? { severity: 'error', keepalived }
        : { keepalived },
    );
  } else {
    const message = `There is no keyword ${show(keyword.text)} ${where}; the line is ignored.`;
    const judgement = insideChecker ? ({ severity: 'error', keepalived } as const) : { keepalived };
    diagnostics.report('unknown-keyword', keyword.span, message, advice, judgement);
  }
}

/** At the root a misspelt virtual_server, or what has fallen out of one by a brace too many: servers stay unchecked. */
function isService(word: string, params: Params, around: string | undefined): boolean {
  if (around !== undefined) return false;
  if (/^(real_server|[A-Z]+_(GET|CHECK))$/.test(word)) return true;
  const names = params.map(param => param.name);
  return findNearest(word, names)?.startsWith('virtual_server') === true;
}

function advise(word: string, params: Params, around: string | undefined, root: Params): string {
  if (/[\u00a0\u3000\u2000-\u200b\ufeff]/.test(word))
    return 'It holds a no-break or full-width space: write a plain one.';
  if (word === '//' || word.startsWith('/*') || word.startsWith('//')) return 'Begin a comment with # or !.';
  if (word === 'lb_kind' && around === 'real_server') return 'In real_server it is called lvs_method.';
  const equals = /^([a-z_]+)=(.*)$/.exec(word);
  if (equals && mayPrecedeSecret(word)) return `Write ${equals[1]}, a blank and the value, without the =.`;
  if (equals && params.some(param => param.name === equals[1])) return `Write ${equals[1]} ${equals[2]} without the =.`;
  if (word.startsWith('$')) return 'A definition is $NAME=value, without a blank before the =.';
  const homes = homesOf(root).get(word) ?? [];
  if (homes.length > 0) return `It belongs in ${listHomes(homes)}.`;
  const nearest = findNearest(
    word,
    params.map(param => param.name),
  );
  if (nearest !== null) return `Did you mean ${nearest}?`;
  return around === undefined
    ? 'Move it into the block that it belongs to, or remove it.'
    : `${around} takes: ${listParticular(params, homesOf(root))}.`;
}

/** First what few other blocks have: what a checker is about, before what all checkers share. */
function listParticular(params: Params, homes: ReadonlyMap<string, readonly string[]>): string {
  const names = params
    .map(({ name }) => name)
    .sort((a, b) => (homes.get(a)?.length ?? 0) - (homes.get(b)?.length ?? 0));
  return `${names.slice(0, 12).join(', ')}${names.length > 12 ? ' ...' : ''}`;
}

const homesByRoot = new WeakMap<Params, ReadonlyMap<string, readonly string[]>>();

/** The blocks that have a keyword, by its name. */
function homesOf(root: Params): ReadonlyMap<string, readonly string[]> {
  const known = homesByRoot.get(root);
  if (known !== undefined) return known;
  const homes = new Map<string, string[]>();
  collectHomes(root, homes);
  homesByRoot.set(root, homes);
  return homes;
}

function collectHomes(params: Params, homes: Map<string, string[]>): void {
  for (const { name: block, type } of params) {
    if (type.kind !== 'block') continue;
    for (const { name } of type.params) {
      const found = homes.get(name) ?? [];
      homes.set(name, found);
      if (!found.includes(block)) found.push(block);
    }
    collectHomes(type.params, homes);
  }
}

function listHomes(homes: readonly string[]): string {
  const named = homes.length > mostHomes ? [...homes.slice(0, mostHomes), 'others'] : homes;
  const last = named.at(-1) ?? '';
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} or ${last}`;
}

function show(word: string): string {
  const equals = word.indexOf('=');
  if (equals >= 0 && mayPrecedeSecret(word)) return `${word.slice(0, equals)}=...`;
  return word.length > 40 ? `${word.slice(0, 40)}...` : word;
}
