import type { CheckContext, CheckTarget } from '../src/model/check.ts';
import type { Connection } from '../src/model/ports.ts';
import { httpClient } from '../src/sys/http-client.ts';
import { patterns } from '../src/sys/patterns.ts';
import { VirtualClock } from './virtual-clock.ts';

const never = (what: string) => () => {
  throw new Error(`this test has no ${what}`);
};

/** A check's context in which a port that is not given fails whoever uses it; patterns and HTTP and HTTP are real, time is virtual. */
export function makeContext(given: Partial<CheckContext> = {}): CheckContext {
  return {
    signal: new AbortController().signal,
    clock: new VirtualClock(),
    sockets: { connect: never('sockets') },
    http: httpClient,
    datagrams: { open: never('datagrams') },
    commands: { run: () => Promise.reject(new Error('this test runs no commands')), begin: never('commands') },
    patterns,
    files: { read: () => Promise.reject(new Error('this test has no files')), watch: never('files') },
    random: () => 0.5,
    ...given,
  };
}

/** What a checker learns of a real server 10.0.0.2:80 of which nothing particular is said. */
export function makeTarget(given: Partial<CheckTarget> = {}): CheckTarget {
  return {
    address: '10.0.0.2',
    port: 80,
    virtualhost: null,
    connectTimeout: 5000,
    delayLoop: 60_000,
    heloName: 'director.test',
    scriptUser: null,
    ssl: { identity: null, ca: null },
    patterns,
    trackFile: () => undefined,
    ...given,
  };
}

/** A connection into a black hole; `onClose` instead of nothing when it is closed. */
export function makeConnection(onClose: () => void = () => {}): Connection {
  return { write: () => {}, startTls: () => {}, certificate: () => null, close: onClose };
}
