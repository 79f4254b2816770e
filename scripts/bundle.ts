// Part of npm run build: puts the program into dist/bundle, some twenty files to load where tsc writes four hundred.
import { resolve } from 'node:path';
import { bundleProgram } from './bundle/bundle-program.ts';

bundleProgram(resolve(import.meta.dirname, '../dist/bundle'));
