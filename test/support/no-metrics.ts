import type { Exposition } from '../../src/model/exposition.ts';

/** Metrics that nobody looks at. */
export const noMetrics: Exposition = {
  contentType: 'text/plain',
  async *scrape() {},
};
