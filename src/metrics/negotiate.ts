import type { ExpositionFormat } from '../model/exposition.ts';

/** Type and version of each format. */
const offers = {
  text: { type: 'text/plain', version: '0.0.4' },
  openmetrics: { type: 'application/openmetrics-text', version: '1.0.0' },
} as const;

/** The header `Content-Type` of a format. */
export function contentTypeOf(format: ExpositionFormat): string {
  const { type, version } = offers[format];
  return `${type}; version=${version}; charset=utf-8`;
}

/**
 * OpenMetrics for who names it and wants it at least as much as the plain text; the plain text for everybody else, even
 * for who wants neither.
 */
export function negotiate(accept: string | undefined): ExpositionFormat {
  const ranges = (accept ?? '').split(',').map(readRange);
  const openmetrics = rate(ranges, 'openmetrics');
  return openmetrics.named && openmetrics.quality > 0 && openmetrics.quality >= rate(ranges, 'text').quality
    ? 'openmetrics'
    : 'text';
}

/** One entry of the header. */
interface MediaRange {
  readonly type: string;
  /** Left out: any. */
  readonly version?: string;
  readonly quality: number;
}

function readRange(text: string): MediaRange {
  const [type = '', ...words] = text.split(';').map(word => word.trim().toLowerCase());
  const params = new Map(
    words.map(word => [word.replace(/\s*=.*/, ''), word.replace(/^[^=]*=\s*/, '').replace(/"/g, '')]),
  );
  const version = params.get('version');
  const quality = Number(params.get('q') ?? 1);
  return { type, ...(version !== undefined && { version }), quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The quality that the most exact range gives; `named`: that range is the type itself. */
function rate(ranges: readonly MediaRange[], format: ExpositionFormat): { quality: number; named: boolean } {
  const { type, version } = offers[format];
  const names = ['*/*', type.replace(/\/.*/, '/*'), type];
  let best = { rank: -1, quality: 0 };
  for (const range of ranges) {
    if (range.version !== undefined && range.version !== version) continue;
    const place = names.indexOf(range.type);
    const rank = place < 0 ? -1 : place + (range.version === undefined ? 0 : 1);
    if (rank > best.rank) best = { rank, quality: range.quality };
  }
  return { quality: best.quality, named: best.rank >= names.length - 1 };
}
