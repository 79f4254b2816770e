import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';

const lineFeed = 0x0a;

/**
 * Messages between the agent and its helper, each a line of JSON. Node's own channel does the same, and was half of
 * what a command cost the agent.
 * @param take is called with each message of the other side
 * @returns sends one; what the other side does not get any more is lost
 */
export function openChannel<Incoming, Outgoing>(
  socket: Duplex,
  take: (message: Incoming) => void,
): (message: Outgoing) => void {
  /** The beginning of a message whose end has not come. */
  let rest: Buffer | null = null;
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest === null ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(lineFeed) + 1;
    rest = end === bytes.length ? null : bytes.subarray(end);
    // No character is cut: none has a line feed inside.
    for (const line of bytes.toString('utf8', 0, end).split('\n')) if (line !== '') take(JSON.parse(line) as Incoming);
  });
  // Its end says all.
  socket.on('error', () => {});
  return message => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
}
