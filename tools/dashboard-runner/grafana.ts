import { createRequire } from 'node:module';
import { prepareGrafana } from './prepare-grafana.ts';

/** A field as Grafana's data package has it; what is not used here is left out. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly values: readonly unknown[];
  readonly config: { readonly displayName?: string; readonly displayNameFromDS?: string; readonly unit?: string };
  readonly labels?: Readonly<Record<string, string>>;
  readonly state?: { readonly displayName?: string | null } | null;
  readonly display?: (value: unknown) => Shown;
}

export interface Frame {
  readonly refId?: string;
  readonly fields: readonly Field[];
  readonly length: number;
}

/** What a cell or a number looks like. */
export interface Shown {
  readonly text: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly color?: string;
}

interface Transformer {
  readonly id: string;
  readonly name: string;
}

interface Observer {
  readonly next: (frames: Frame[]) => void;
  readonly error: (fault: unknown) => void;
}

export interface GrafanaData {
  toDataFrame(frame: object): Frame;
  transformDataFrame(
    transformations: readonly object[],
    frames: readonly Frame[],
  ): { subscribe(observer: Observer): void };
  applyFieldOverrides(options: object): Frame[];
  getFieldDisplayName(field: Field, frame?: Frame, frames?: readonly Frame[]): string;
  getFieldDisplayValues(options: object): { readonly display: Shown & { readonly title?: string } }[];
  createTheme(): { readonly visualization: { getColorByName(name: string): string } };
  readonly standardTransformersRegistry: { setInit(list: () => readonly object[]): void };
  readonly standardTransformers: Readonly<Record<string, Transformer>>;
  readonly standardFieldConfigEditorRegistry: { setInit(list: () => readonly object[]): void };
  readonly FieldConfigOptionsRegistry: new (list: () => readonly object[]) => object;
  readonly identityOverrideProcessor: unknown;
  readonly numberOverrideProcessor: unknown;
  readonly unitOverrideProcessor: unknown;
  readonly displayNameOverrideProcessor: unknown;
  readonly thresholdsOverrideProcessor: unknown;
  readonly valueMappingsOverrideProcessor: unknown;
}

export interface Grafana extends GrafanaData {
  readonly theme: ReturnType<GrafanaData['createTheme']>;
  readonly registry: object;
  /** Gives back what was opened. */
  close(): void;
}

/** The options of panels that change what is shown; an override of another is a mistake. */
const customOptions = ['cellOptions', 'width', 'filterable'];

/** Loads Grafana's data package into this process, with as much of a browser as it asks for. */
export function openGrafana(): Grafana {
  const require = createRequire(import.meta.url);
  const { JSDOM } = require('jsdom');
  const { window } = new JSDOM('<!doctype html><body></body>', { url: 'http://localhost/' });
  window.matchMedia ??= () => ({ matches: false, addListener: () => {}, addEventListener: () => {} });
  // Newer versions of Node have a navigator that cannot be assigned to.
  for (const [name, value] of Object.entries({ window, document: window.document, navigator: window.navigator }))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  // Its build for import does not run in Node.
  const data: GrafanaData = require('@grafana/data');
  return prepareGrafana(data, customOptions, () => window.close());
}
