import { Buffer } from 'node:buffer';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import type { DatagramBehaviour, NameServing } from './scenario.ts';

/** A scripted real server over UDP, as servers.ts has them over TCP. */
export interface DatagramListener {
  behaviour: DatagramBehaviour;
  close(): Promise<void>;
}

export async function listenForDatagrams(
  { address, port }: { readonly address: string; readonly port: number },
  first: DatagramBehaviour,
  came: () => void,
): Promise<DatagramListener> {
  const socket = createSocket('udp4');
  const listener: DatagramListener = {
    behaviour: first,
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
  let isOpen = true;
  socket.once('close', () => {
    isOpen = false;
  });
  // What ICMP says of whoever is gone by now.
  socket.on('error', () => {});
  socket.on('message', (request, from: RemoteInfo) => {
    came();
    const { behaviour } = listener;
    const replies = behaviour.kind === 'names' ? answerQuestion(request, behaviour) : behaviour.replies;
    setTimeout(() => {
      for (const reply of isOpen ? replies : []) socket.send(Buffer.from(reply, 'latin1'), from.port, from.address);
    }, behaviour.pause ?? 0);
  });
  socket.bind(port, address);
  await once(socket, 'listening');
  return listener;
}

const headerLength = 12;
const response = 0x8000;
const truncated = 0x0200;

/** RFC 1035, section 4.1.1: the question goes back with it, and no records. */
function answerQuestion(request: Buffer, { rcode = 0, codes = {}, first = [], answers = true }: NameServing): string[] {
  const question = request.toString('latin1');
  const code = codes[readQuestion(request)] ?? rcode;
  const answer = (id: number, flags: number): string => {
    const reply = Buffer.from(request);
    reply.writeUInt16BE(id, 0);
    reply.writeUInt16BE(flags, 2);
    return reply.toString('latin1');
  };
  const id = request.readUInt16BE(0);
  const odd: Readonly<Record<NonNullable<NameServing['first']>[number], string>> = {
    'other id': answer(id ^ 1, response),
    query: question,
    scrap: answer(id, response).slice(0, 5),
    'header alone': answer(id, response).slice(0, headerLength),
    truncated: answer(id, response | truncated),
  };
  return [...first.map(each => odd[each]), ...(answers ? [answer(id, response | code)] : [])];
}

/** NAME TYPE of the question, the root as a point. */
function readQuestion(request: Buffer): string {
  const labels: string[] = [];
  let at = headerLength;
  for (let size = request[at] ?? 0; size > 0; size = request[at] ?? 0) {
    labels.push(request.toString('latin1', at + 1, at + 1 + size));
    at += 1 + size;
  }
  return `${labels.join('.') || '.'} ${request.readUInt16BE(at + 1)}`;
}
