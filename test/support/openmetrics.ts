/** One sample line. */
export interface Sample {
  readonly name: string;
  /** As written, in braces; empty without any. */
  readonly labels: string;
  readonly value: number;
  readonly exemplar: {
    readonly labels: ReadonlyMap<string, string>;
    readonly value: number;
    readonly time: number;
  } | null;
}
export interface ReadFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly samples: readonly Sample[];
}

const label = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"`;
const labels = String.raw`\{(?:${label}(?:,${label})*)?\}`;
const number = String.raw`(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|\+Inf|NaN)`;
const sampleLine = new RegExp(
  String.raw`^([a-zA-Z_:][\w:]*)(${labels})? (-?${number})(?: # (${labels}) (-?${number}) (${number}))?$`,
);
const metaLine = /^# (HELP|TYPE|UNIT) ([a-zA-Z_:][\w:]*) (.*)$/;
/** What a family's samples may be called. */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  gauge: [''],
  counter: ['_total'],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/**
 * Reads OpenMetrics 1.0.0 as its text says, and throws at the first line that it forbids. Only what we write is known:
 * no timestamps of samples, no types but four.
 */
export function readOpenMetrics(text: string): ReadFamily[] {
  if (!text.endsWith('\n# EOF\n')) throw new Error('the end is not # EOF');
  const families = new Map<string, ReadFamily & { samples: Sample[] }>();
  const seen = new Set<string>();
  let current: { name: string; type: string; unit: string; samples: Sample[] } | undefined;
  for (const line of text.slice(0, -'# EOF\n'.length - 1).split('\n')) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const meta = metaLine.exec(line);
    if (meta) {
      const [, keyword, name = '', rest = ''] = meta;
      if (current?.name !== name) {
        if (families.has(name)) fail('a family in two places');
        current = { name, type: '', unit: '', samples: [] };
        families.set(name, current);
      }
      if (current.samples.length > 0) fail('a head behind its samples');
      if (keyword === 'TYPE') current.type = rest;
      if (keyword === 'UNIT') current.unit = rest;
      if (keyword === 'TYPE' && rest === 'counter' && name.endsWith('_total'))
        fail('a counter whose family ends in _total');
      if (keyword === 'UNIT' && !name.endsWith(`_${rest}`)) fail('a unit that is not in the name');
      continue;
    }
    const found = sampleLine.exec(line) ?? fail('no line of OpenMetrics');
    const [, name = '', own = '', value, exemplar, exemplarValue, time] = found;
    const family = current ?? fail('a sample without a family');
    if (!(suffixes[family.type] ?? []).some(suffix => name === family.name + suffix))
      fail('a sample of another family');
    if (seen.has(name + own)) fail('a series twice');
    seen.add(name + own);
    if (exemplar && !name.endsWith('_bucket')) fail('an exemplar that stands at no bucket');
    const sample: Sample = {
      name,
      labels: own,
      value: readNumber(value),
      exemplar: exemplar
        ? { labels: readLabels(exemplar), value: readNumber(exemplarValue), time: readNumber(time) }
        : null,
    };
    checkExemplar(sample, fail);
    family.samples.push(sample);
  }
  for (const family of families.values()) if (family.type === 'histogram') checkHistogram(family);
  return [...families.values()];
}

function checkExemplar({ exemplar, labels }: Sample, fail: (why: string) => never): void {
  if (!exemplar) return;
  const size = [...exemplar.labels].flat().reduce((sum, text) => sum + [...text].length, 0);
  if (size > 128) fail('an exemplar with more than 128 characters');
  if (exemplar.value > readNumber(/le="([^"]*)"/.exec(labels)?.[1])) fail('an exemplar of another bucket');
}

/** Buckets grow, and the last one is the count. */
function checkHistogram({ name, samples }: ReadFamily): void {
  let before = 0;
  for (const { name: sample, labels, value } of samples) {
    if (sample.endsWith('_bucket')) {
      if (value < before) throw new Error(`${name}${labels}: a bucket that shrinks`);
      before = value;
    } else if (sample.endsWith('_count')) {
      if (value !== before) throw new Error(`${name}${labels}: a count that is not the last bucket`);
      before = 0;
    }
  }
}

function readLabels(text: string): Map<string, string> {
  const pairs = text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"/g);
  const plain = (value: string): string => value.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char));
  return new Map([...pairs].map(([, name = '', value = '']) => [name, plain(value)]));
}

function readNumber(text: string | undefined): number {
  return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
}
