import { findNearest } from '../nearest.ts';
import { checkTypes, findKeyword, type LdirectordKeyword, ldirectordKeywords } from './keywords.ts';
import type { Notes } from './notes.ts';

/** One `keyword = value`; the value is of its keyword's type, without quotation marks. */
export interface Setting {
  readonly keyword: LdirectordKeyword;
  readonly value: string;
  /** 1-based. */
  readonly line: number;
}

/** `virtual = ...` with the lines below it. */
export interface VirtualSection {
  readonly family: 'inet' | 'inet6';
  readonly head: Setting;
  readonly settings: readonly Setting[];
}

export interface LdirectordFile {
  readonly globals: readonly Setting[];
  readonly virtuals: readonly VirtualSection[];
}

/** keepalived reads half as much; what is longer cannot become a line of its file. */
const longestLine = 2000;

/** Takes a ldirectord.cf apart. Lines that mean nothing are noted and left out; no text makes it throw. */
export function parseLdirectord(text: string, notes: Notes): LdirectordFile {
  const globals: Setting[] = [];
  const virtuals: { readonly family: 'inet' | 'inet6'; readonly head: Setting; readonly settings: Setting[] }[] = [];
  let open = false;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = index + 1;
    const row = raw.replace(/\r+$/, '').replaceAll('\t', '    ');
    if (/^\s*#/.test(row)) continue;
    if (row.trim() === '') {
      open = false;
      continue;
    }
    if (row.length > longestLine) {
      notes.add('error', line, 'This line is too long for a configuration, and is left out.', 'Write it shorter.');
      continue;
    }
    const indented = /^\s/.test(row);
    const section = virtuals.at(-1);
    if (indented) noteIndent(row, line, open, section !== undefined, notes);
    else open = false;
    const inside = indented && section !== undefined;
    const setting = readSetting(inside ? row.replace(/#.*/, '') : row, line, inside ? 'virtual' : 'global', notes);
    if (setting === null) continue;
    if (inside) section.settings.push(setting);
    else if (setting.keyword.name.startsWith('virtual')) {
      const family = readFamily(setting, notes);
      virtuals.push({ family, head: setting, settings: [] });
      open = true;
    } else globals.push(setting);
  }
  return { globals, virtuals };
}

function readFamily({ keyword, value, line }: Setting, notes: Notes): 'inet' | 'inet6' {
  if (keyword.name === 'virtual6') return 'inet6';
  if (!value.startsWith('[')) return 'inet';
  notes.add('warning', line, 'ldirectord takes an IPv6 address behind virtual6 only.', 'It is read as virtual6.');
  return 'inet6';
}

function noteIndent(row: string, line: number, open: boolean, section: boolean, notes: Notes): void {
  if (!section) {
    notes.add(
      'warning',
      line,
      'ldirectord does not read an indented line that stands below no virtual.',
      'It is read as if it were not indented.',
    );
  } else if (!open) {
    const message = 'ldirectord does not read an indented line behind an empty line or a global one.';
    notes.add(
      'warning',
      line,
      message,
      'It is taken for a line of the virtual service above it: see whether that is right.',
    );
  } else if (!row.startsWith('    ')) {
    notes.add(
      'warning',
      line,
      'ldirectord wants four blanks or a tab before this line.',
      'It is read as if they were there.',
    );
  }
}

function readSetting(row: string, line: number, place: 'global' | 'virtual', notes: Notes): Setting | null {
  const match = /^\s*([A-Za-z_][\w-]*)\s*(?:=\s*(.*))?$/.exec(row);
  const name = match?.[1] ?? '';
  const written = match?.[2]?.trim();
  if (written === undefined && name !== 'supervised') {
    notes.add('error', line, 'This line is no keyword with a value, and is left out.', 'Write keyword = value.');
    return null;
  }
  const keyword = findKeyword(name);
  if (keyword === undefined) {
    noteUnknown(name, line, notes);
    return null;
  }
  if (keyword.place !== 'both' && keyword.place !== place) {
    const wanted =
      keyword.place === 'global'
        ? 'before the virtual services, without blanks before it'
        : 'below a virtual, with four blanks before it';
    notes.add('error', line, `${name} has no meaning here, and is left out.`, `Write it ${wanted}.`);
    return null;
  }
  const value = readValue(keyword, written ?? 'yes', line, notes);
  return value === null ? null : { keyword, value, line };
}

function noteUnknown(name: string, line: number, notes: Notes): void {
  const old: Readonly<Record<string, string>> = {
    timeout: 'Write checktimeout and negotiatetimeout.',
    connecttimeout: 'Write negotiatetimeout.',
  };
  const nearest = findNearest(
    name,
    ldirectordKeywords.map(keyword => keyword.name),
  );
  const hint =
    old[name] ?? (nearest === null ? 'See the manual of ldirectord for its keywords.' : `Did you mean ${nearest}?`);
  notes.add('error', line, `ldirectord has no keyword ${name}; the line is left out.`, hint);
}

/** The value as ldirectord takes it, or null (and noted). Values are not shown: they may be passwords. */
function readValue(keyword: LdirectordKeyword, written: string, line: number, notes: Notes): string | null {
  const { type, name } = keyword;
  const fail = (hint: string) => {
    notes.add('error', line, `The value of ${name} cannot be read; the line is left out.`, hint);
    return null;
  };
  const plain = unquote(written);
  switch (type.kind) {
    case 'yes-no':
      return plain === 'yes' || plain === 'no' ? plain : fail('Write yes or no.');
    case 'number': {
      const digits = /\d+/.exec(plain)?.[0] ?? '';
      const fits = digits !== '' && digits.length < 16 && Number(digits) >= type.min && Number(digits) <= type.max;
      return fits ? String(Number(digits)) : fail(`Write a number from ${type.min}.`);
    }
    case 'quoted':
      if (plain === '' || plain.startsWith('"')) {
        return fail(`Write ${name} = "..." with something in it; a # begins a comment even between quotation marks.`);
      }
      if (plain === written) {
        notes.add(
          'warning',
          line,
          `ldirectord wants the value of ${name} in quotation marks.`,
          'It is read as if they were there.',
        );
      }
      return plain;
    case 'text':
      return plain === '' ? fail(`Write ${name} = and its value.`) : plain;
    case 'choice': {
      const word = /\w+/.exec(plain)?.[0] ?? '';
      const found = type.of.find(each => each.toLowerCase() === word.toLowerCase());
      return found ?? fail(`Write one of ${type.of.join(', ')}.`);
    }
    case 'scheduler':
      return /[a-z]+/.exec(plain)?.[0] ?? fail('Write the name of a scheduler, such as wlc.');
    case 'checktype': {
      const count = /\d+/.exec(plain)?.[0];
      if (count !== undefined) return count;
      const word = /[\w-]+/.exec(plain)?.[0] ?? '';
      return checkTypes.includes(word) ? word : fail(`Write one of ${checkTypes.join(', ')}, or a number.`);
    }
  }
}

function unquote(written: string): string {
  const plain = written.replace(/\s#[^"]*$/, '').trim();
  return (/^"(.*)"$/.exec(plain)?.[1] ?? plain).trim();
}

const mayRepeat: ReadonlySet<string> = new Set(['real', 'real6', 'execute']);

/** Of a keyword that stands twice in a section the last counts. */
export function noteRepeated({ globals, virtuals }: LdirectordFile, notes: Notes): void {
  for (const settings of [globals, ...virtuals.map(section => section.settings)]) {
    const last = new Map(settings.map(setting => [setting.keyword.name, setting.line]));
    for (const { keyword, line } of settings) {
      const winner = last.get(keyword.name);
      if (mayRepeat.has(keyword.name) || winner === line) continue;
      notes.add('hint', line, `${keyword.name} stands again in line ${winner}, which counts.`, 'Remove this line.');
    }
  }
}
