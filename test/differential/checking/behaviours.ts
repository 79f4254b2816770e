// What scripted real servers do, in the words of scenarios.
import type { Answering, Behaviour, Datagrams, IcmpBehaviour, NameServing, Timeline } from './scenario.ts';

export const refused: Behaviour = { kind: 'refused' };
export const gone: Behaviour = { kind: 'gone' };
export const unreachable: Behaviour = { kind: 'unreachable' };
export const mute: Behaviour = { kind: 'mute' };
export const reset: Behaviour = { kind: 'reset' };

/** An HTTP answer, after which the connection is closed. */
export function web(body = 'well', head = 'HTTP/1.0 200 OK', more: Partial<Answering> = {}): Answering {
  return { kind: 'answer', until: '\r\n\r\n', replies: [`${head}\r\n\r\n${body}`], ...more };
}

/** Other answers for requests that have this text in their first line. */
export function webWith(special: Readonly<Record<string, string>>): Answering {
  const replies = Object.entries(special).map(([text, head]) => [text, [`${head}\r\n\r\nwell`]] as const);
  return { ...web(), special: Object.fromEntries(replies) };
}

export const sick = web('sick', 'HTTP/1.0 500 Broken');

/** A mail server's banner, and its replies to HELO and QUIT. */
export function mail(replies: readonly string[] = ['220 hello', '250 well', '221 bye'], more: Partial<Answering> = {}) {
  const lines = replies.map(reply => `${reply}\r\n`);
  return { kind: 'answer', until: '\r\n', greets: true, replies: lines, ...more } as const satisfies Answering;
}

/** Answers each datagram so. */
export function datagrams(replies: readonly string[], more: Partial<Datagrams> = {}): Datagrams {
  return { kind: 'datagrams', replies, ...more };
}

export function names(more: Partial<NameServing> = {}): NameServing {
  return { kind: 'names', ...more };
}

export function icmp(says: IcmpBehaviour['says'], pause = 0): IcmpBehaviour {
  return { kind: 'icmp', says, pause };
}

export const overTls = <Kind extends Answering | { readonly kind: 'mute' | 'reset' }>(behaviour: Kind) => ({
  ...behaviour,
  tls: true as const,
});

/** One thing all the time. */
export function always<What>(what: What): Timeline<What> {
  return [[0, what]];
}

/** Well, then something else, then well again. */
export function outage<What>(well: What, ill: What, from: number, to: number): Timeline<What> {
  return [
    [0, well],
    [from, ill],
    [to, well],
  ];
}
