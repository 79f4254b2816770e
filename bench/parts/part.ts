import type { Row } from '../report/rows.ts';
import type { Bench } from './bench.ts';

/** Something that can be measured by itself. */
export interface Part {
  readonly name: string;
  readonly purpose: string;
  run(bench: Bench): Promise<PartResult>;
  /** CPU profiles of our agent in the same situation, into this directory; left out where there are none. */
  profile?(bench: Bench, directory: string): Promise<void>;
}

/** Lines of the tables of the same names, and everything that they were made of. */
export interface PartResult {
  readonly ratios?: readonly Row[];
  readonly bounds?: readonly Row[];
  readonly growth?: readonly Row[];
  readonly measured: object;
}
