import type { Notes } from './notes.ts';
import type { LdirectordFile, Setting, VirtualSection } from './parse.ts';

/** What a conversion works with. */
export interface ConvertContext {
  readonly file: LdirectordFile;
  readonly notes: Notes;
}

/** A number with the line that it comes from; none = a default. */
export interface Timed {
  readonly value: number;
  readonly from: readonly number[];
}

/** The last setting of this name in a section. */
export function findOwn(settings: readonly Setting[], name: string): Setting | undefined {
  return settings.findLast(setting => setting.keyword.name === name);
}

/** The setting that counts for a virtual service: its own, else the global one. */
export function findSetting(section: VirtualSection, name: string, { file }: ConvertContext): Setting | undefined {
  return findOwn(section.settings, name) ?? findOwn(file.globals, name);
}

/** The number of the first of these settings that is there. */
export function readNumber(settings: readonly (Setting | undefined)[], otherwise: number): Timed {
  const setting = settings.find(each => each !== undefined);
  return setting === undefined
    ? { value: otherwise, from: [] }
    : { value: Number(setting.value), from: [setting.line] };
}
