import type { Exposition } from '../../src/model/exposition.ts';

/** Metrics that nobody looks at. */
export const noMetrics: Exposition = {
  scrape: () => ({ contentType: 'text/plain', pieces: none() }),
};

async function* none(): AsyncGenerator<string, void> {}
