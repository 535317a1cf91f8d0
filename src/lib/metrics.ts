import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

/** Figures of one process, as Prometheus reads them. Labels never hold what names a person. */
export interface Metrics {
  /** One duration, in milliseconds; shown in seconds. */
  timed(name: string, help: string, labels: Labels, ms: number): void;
  counted(name: string, help: string, labels: Labels): void;
  /** Read anew at each scrape: values by label. */
  gauged(
    name: string,
    help: string,
    label: string,
    read: () => Promise<Readonly<Record<string, number>>>,
  ): void;
  contentType: string;
  text(): Promise<string>;
}

/** From a millisecond to half a minute. */
const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const histograms = new Map<string, Histogram>();
  const counters = new Map<string, Counter>();
  return {
    timed(name, help, labels, ms) {
      let histogram = histograms.get(name);
      if (!histogram) {
        const labelNames = Object.keys(labels);
        histogram = new Histogram({ name, help, labelNames, buckets: BUCKETS, registers: [registry] });
        histograms.set(name, histogram);
      }
      histogram.observe(labels, ms / 1000);
    },
    counted(name, help, labels) {
      let counter = counters.get(name);
      if (!counter) {
        counter = new Counter({ name, help, labelNames: Object.keys(labels), registers: [registry] });
        counters.set(name, counter);
      }
      counter.inc(labels);
    },
    gauged(name, help, label, read) {
      registry.registerMetric(
        new Gauge({
          name,
          help,
          labelNames: [label],
          registers: [],
          async collect() {
            for (const [value, number] of Object.entries(await read())) this.set({ [label]: value }, number);
          },
        }),
      );
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
