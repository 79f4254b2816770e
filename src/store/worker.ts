// Entry of the database's thread.
import { parentPort } from 'node:worker_threads';
import { createKeeper } from './keeper.ts';
import type { StoreRequest } from './messages.ts';

const handle = createKeeper();
parentPort?.on('message', (request: StoreRequest) => parentPort?.postMessage(handle(request)));
