import { takeOut } from './names.ts';
import type { Records } from './records.ts';

export type Channel = 'ipvs' | 'fifo' | 'script' | 'mail' | 'check';

/** Something that a program did, with names in place of addresses. */
export interface TraceEvent {
  readonly channel: Channel;
  /** Seconds after the first check; 0 for all before it. */
  readonly at: number;
  readonly text: string;
}

export type Trace = readonly TraceEvent[];

/** What a run did for each scenario, by its number. */
export function readTraces(records: Records): ReadonlyMap<number, Trace> {
  const traces = new Map<number, TraceEvent[]>();
  const add = (channel: Channel, at: number, scenario: number, text: string): void => {
    const event = { channel, at: Math.max(0, (at - records.begin) / 1_000), text };
    traces.set(scenario, [...(traces.get(scenario) ?? []), event]);
  };
  const addLine = (channel: Channel, at: number, line: string): void => {
    const taken = takeOut(line);
    if (taken) add(channel, at, taken.scenario, taken.text);
  };
  const services = new Set<string>();
  for (const line of records.table) {
    const [nanoseconds = '', ...words] = line.split(' ');
    for (const text of sayFlush(words, services)) addLine('ipvs', Number(nanoseconds) / 1e6, text);
  }
  for (const { at, text } of records.lines) addLine('fifo', at, text);
  for (const { at, subject, body } of records.mails) addLine('mail', at, `${subject} ${body}`);
  for (const { at, scenario, words } of records.notes) add('script', at, scenario, words.join(' '));
  for (const { at, scenario, server } of records.connections) add('check', at, scenario, server);
  return new Map([...traces].map(([scenario, trace]) => [scenario, dropImplied(trace)]));
}

/** A flush deletes every service that there is. */
function sayFlush(words: readonly string[], services: Set<string>): readonly string[] {
  const [command, service = ''] = words;
  if (command === 'ADD') services.add(service);
  if (command === 'DEL') services.delete(service);
  if (command !== 'FLUSH') return [words.join(' ')];
  const deleted = [...services].map(service => `DEL ${service}`);
  services.clear();
  return deleted;
}

/** A service takes its destinations with it: that they are deleted one by one just before makes no other table. */
function dropImplied(trace: Trace): Trace {
  return trace.filter((event, index) => {
    if (event.channel !== 'ipvs' || !event.text.startsWith('DELDEST ')) return true;
    const next = trace.slice(index + 1).find(({ channel, text }) => channel === 'ipvs' && !text.startsWith('DELDEST '));
    return !(next?.text.startsWith('DEL ') && next.at - event.at < atOnce);
  });
}

/** Seconds within which a program does what it does on one occasion. */
export const atOnce = 0.25;
