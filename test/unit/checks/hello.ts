import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { startFaultServer } from '../../../testing/fault-server.ts';
import { runBlock, verdictOf } from './run-block.ts';

/** What a check found, and what it sent, in hexadecimal digits. */
interface Hello {
  readonly verdict: string;
  readonly sent: string;
}

/** Runs a block against a server that says these bytes (hexadecimal digits, blanks between), one answer to each thing that it hears. */
export async function sayHello(
  keyword: string,
  lines: readonly string[],
  answers: readonly string[],
  greets = false,
): Promise<Hello> {
  const server = await startFaultServer(socket => {
    const left = answers.map(answer => Buffer.from(answer.replaceAll(' ', ''), 'hex'));
    const say = (): void => void socket.write(left.shift() ?? Buffer.alloc(0));
    if (greets) say();
    socket.on('data', say);
  });
  try {
    const verdict = verdictOf(await runBlock(keyword, lines, server.port));
    await server.released();
    return { verdict, sent: Buffer.from(server.received(), 'latin1').toString('hex') };
  } finally {
    await server.close();
  }
}

/** The verdict over a server that does as told. */
export async function meet(
  keyword: string,
  lines: readonly string[],
  behave: (socket: Socket) => void,
): Promise<string> {
  const server = await startFaultServer(behave);
  try {
    return verdictOf(await runBlock(keyword, lines, server.port));
  } finally {
    await server.close();
  }
}

export function hex(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}
