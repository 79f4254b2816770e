import type { Grafana, GrafanaData } from './grafana.ts';

/** Gives Grafana's data package, wherever it was loaded, the transformations and the options of panels that are there. */
export function prepareGrafana(data: GrafanaData, customOptions: readonly string[], close: () => void): Grafana {
  const transformers = new Map(Object.values(data.standardTransformers).map(each => [each.id, each]));
  data.standardTransformersRegistry.setInit(() =>
    [...transformers.values()].map(each => ({
      id: each.id,
      name: each.name,
      transformation: async () => each,
      editor: () => null,
    })),
  );
  const list = (): object[] => listOptions(data);
  data.standardFieldConfigEditorRegistry.setInit(list);
  const custom = customOptions.map(id => describeOption(`custom.${id}`, data.identityOverrideProcessor, true));
  const registry = new data.FieldConfigOptionsRegistry(() => [...list(), ...custom]);
  return Object.assign(Object.create(data), { theme: data.createTheme(), registry, close });
}

function listOptions(data: GrafanaData): object[] {
  const processors = {
    unit: data.unitOverrideProcessor,
    min: data.numberOverrideProcessor,
    max: data.numberOverrideProcessor,
    decimals: data.numberOverrideProcessor,
    displayName: data.displayNameOverrideProcessor,
    noValue: data.identityOverrideProcessor,
    color: data.identityOverrideProcessor,
    thresholds: data.thresholdsOverrideProcessor,
    mappings: data.valueMappingsOverrideProcessor,
    links: data.identityOverrideProcessor,
  };
  return Object.entries(processors).map(([id, process]) => describeOption(id, process, false));
}

function describeOption(id: string, process: unknown, isCustom: boolean): object {
  return {
    id,
    path: id.replace(/^custom\./, ''),
    name: id,
    isCustom,
    process,
    editor: () => null,
    override: () => null,
    shouldApply: () => true,
  };
}
