import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MetricFamily } from './catalogue.ts';

/** Makes prom-client's metrics of rows of the catalogue. */
export interface Factory {
  gauge(family: MetricFamily): Gauge;
  counter(family: MetricFamily): Counter;
  histogram(family: MetricFamily): Histogram;
}

/** Those that it makes are in the registry, in this order. */
export function createFactory(registry: Registry): Factory {
  const options = ({ name, help, labels }: MetricFamily) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    gauge: family => new Gauge(options(family)),
    counter: family => new Counter(options(family)),
    histogram: family => new Histogram({ ...options(family), buckets: [...(family.buckets ?? [])] }),
  };
}
