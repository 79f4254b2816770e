/** A dashboard as it is read from its file; nothing is taken for granted. */
// biome-ignore lint/suspicious/noExplicitAny: what is linted may have any shape.
export type Plain = Record<string, any>;

export function panelsOf(dashboard: Plain): Plain[] {
  return dashboard['panels'].filter((panel: Plain) => panel['type'] !== 'row');
}

/** Every expression with the place in which it stands. */
export function expressionsOf(dashboard: Plain): { readonly place: string; readonly expression: string }[] {
  const ofPanels = panelsOf(dashboard).flatMap(panel =>
    (panel['targets'] ?? []).map(({ refId, expr }: Plain) => ({
      place: `${panel['title']} ${refId}`,
      expression: expr,
    })),
  );
  const ofAnnotations = dashboard['annotations'].list.map(({ name, expr }: Plain) => ({
    place: name,
    expression: expr,
  }));
  const ofVariables = dashboard['templating'].list.map(({ name, query }: Plain) => ({
    place: name,
    expression: /^label_values\((.+),/s.exec(query?.query ?? '')?.[1],
  }));
  return [...ofPanels, ...ofAnnotations, ...ofVariables].filter(({ expression }) => expression !== undefined);
}

/** Those of the panels, without annotations and variables. */
export function targetsOf(dashboard: Plain): Plain[] {
  return panelsOf(dashboard).flatMap(panel => panel['targets'] ?? []);
}

/** One of them, to be damaged. */
export function pick(list: readonly Plain[], index = 0): Plain {
  const found = list[index];
  if (!found) throw new Error(`there are only ${list.length}`);
  return found;
}
