import { growth } from './growth.ts';
import { metrics } from './metrics.ts';
import type { Part } from './part.ts';
import { createRatioPart } from './ratio.ts';
import { ratioParts } from './ratio-parts.ts';
import { soak } from './soak.ts';
import { start } from './start.ts';
import { store } from './store.ts';

/** Those that compare us with keepalived, and those that look at our agent alone. */
export const parts: readonly Part[] = [...ratioParts.map(createRatioPart), start, store, metrics, soak, growth];

/** What is measured when nothing is named. */
export const usualParts = ratioParts.map(({ name }) => name);
