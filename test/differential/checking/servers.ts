import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { testCertificate } from '../../../testing/test-certificate.ts';
import { type DatagramListener, listenForDatagrams } from './datagram-servers.ts';
import type { IcmpAnswerer } from './icmp-answerer.ts';
import type { Answering, Behaviour, DatagramBehaviour, IcmpBehaviour } from './scenario.ts';

/** A place in the network whose behaviour can be changed. */
export interface ScriptedServer {
  become(behaviour: Behaviour): Promise<void>;
}

/** @param modules `run` runs a program; `answer` says what ICMP answers; `came` is told of each connection, and of each datagram */
export function createScriptedServer(
  place: { readonly address: string; readonly port: number },
  modules: {
    readonly run: (words: readonly string[]) => Promise<unknown>;
    readonly answer: IcmpAnswerer['answer'];
    readonly came: () => void;
  },
): ScriptedServer {
  let open: Open | null = null;
  let where: Where = 'gone';
  const move = async (to: Where): Promise<void> => {
    if (to === where) return;
    if (where !== 'gone') await modules.run(['ip', ...ways[where].leave(place.address)]);
    where = to;
    if (where !== 'gone') await modules.run(['ip', ...ways[where].arrive(place.address)]);
  };
  const close = async (): Promise<void> => {
    await open?.listener.close();
    open = null;
  };
  let isAnswered = false;
  const settle = async (behaviour: Behaviour): Promise<void> => {
    switch (behaviour.kind) {
      case 'gone':
      case 'unreachable':
        // First away, then closed: nobody is to be told that it closes.
        await move(behaviour.kind);
        return close();
      case 'icmp':
        await move('gone');
        await close();
        return;
      case 'refused':
        await close();
        return move('here');
      case 'datagrams':
      case 'names':
        if (open?.transport !== 'udp') await close();
        await move('here');
        open ??= { transport: 'udp', listener: await listenForDatagrams(place, behaviour, modules.came) };
        if (open.transport === 'udp') open.listener.behaviour = behaviour;
        return;
      default: {
        const transport = behaviour.tls === true ? 'tls' : 'tcp';
        if (open?.transport !== transport) await close();
        await move('here');
        open ??= { transport, listener: await listen(place, transport === 'tls', modules.came) };
        if (open.transport !== 'udp') open.listener.behaviour = behaviour;
      }
    }
  };
  return {
    async become(behaviour) {
      const wasAnswered = isAnswered;
      isAnswered = behaviour.kind === 'icmp';
      // While it moves somebody answers all the time.
      if (behaviour.kind === 'icmp') await modules.answer(place.address, behaviour);
      await settle(behaviour);
      if (wasAnswered && !isAnswered) await modules.answer(place.address, null);
    },
  };
}

type Where = 'here' | 'gone' | 'unreachable';
type Open =
  | { readonly transport: 'tcp' | 'tls'; readonly listener: Listener }
  | { readonly transport: 'udp'; readonly listener: DatagramListener };
type Listening = Exclude<
  Behaviour,
  { readonly kind: 'refused' | 'gone' | 'unreachable' } | DatagramBehaviour | IcmpBehaviour
>;

/** An address is here, or has no route; without either the hole has it. */
const ways = {
  here: {
    arrive: (address: string) => ['address', 'add', `${address}/32`, 'dev', 'lo'],
    leave: (address: string) => ['address', 'delete', `${address}/32`, 'dev', 'lo'],
  },
  unreachable: {
    arrive: (address: string) => ['route', 'add', 'unreachable', `${address}/32`],
    leave: (address: string) => ['route', 'delete', 'unreachable', `${address}/32`],
  },
};

interface Listener {
  behaviour: Listening;
  close(): Promise<void>;
}

async function listen(
  { address, port }: { readonly address: string; readonly port: number },
  tls: boolean,
  came: () => void,
): Promise<Listener> {
  const open = new Set<Socket>();
  const take = (socket: Socket): void => serve(socket, listener.behaviour);
  const server: Server = tls ? createTlsServer(testCertificate, take) : createServer(take);
  server.on('connection', (socket: Socket) => {
    came();
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    // Only the connection beneath TLS can be reset, before the handshake or after it.
    if (tls && listener.behaviour.kind === 'reset') resetAfter(socket, listener.behaviour.pause);
  });
  server.on('tlsClientError', () => {});
  const listener: Listener = {
    behaviour: { kind: 'mute' },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, 512, resolve);
  });
  return listener;
}

function serve(socket: Socket, behaviour: Listening): void {
  socket.on('error', () => {});
  switch (behaviour.kind) {
    case 'mute':
      break;
    case 'reset':
      if (!behaviour.tls) resetAfter(socket, behaviour.pause);
      break;
    case 'answer':
      answer(socket, behaviour);
      break;
  }
}

function resetAfter(socket: Socket, pause = 0): void {
  if (pause === 0) socket.resetAndDestroy();
  else setTimeout(() => socket.resetAndDestroy(), pause);
}

function answer(
  socket: Socket,
  { replies, until, greets, pause = 0, drip = 0, behind, end, special }: Answering,
): void {
  let left = [...replies];
  let seen = '';
  const finish = (): void => {
    if (left.length > 0 || end === 'open') return;
    if (end === 'reset') socket.resetAndDestroy();
    else socket.end();
  };
  const say = (): void => {
    const reply = left.shift();
    if (reply === undefined) return;
    const pieces = drip === 0 ? [reply] : behind ? cutBehind(reply, behind) : cut(reply, 4);
    for (const [index, piece] of pieces.entries())
      setTimeout(
        () => {
          if (!socket.destroyed) socket.write(piece, 'latin1', () => index === pieces.length - 1 && finish());
        },
        pause + index * drip,
      );
  };
  if (greets) say();
  socket.on('data', bytes => {
    seen += bytes.toString('latin1');
    for (let place = seen.indexOf(until); place >= 0; place = seen.indexOf(until)) {
      const first = seen.slice(0, place).split('\r\n')[0] ?? '';
      seen = seen.slice(place + until.length);
      const other = Object.entries(special ?? {}).find(([text]) => first.includes(text));
      if (other) left = [...other[1]];
      say();
    }
  });
}

function cut(text: string, pieces: number): readonly string[] {
  const size = Math.ceil(text.length / pieces);
  return Array.from({ length: pieces }, (_, index) => text.slice(index * size, (index + 1) * size));
}

function cutBehind(text: string, marks: readonly string[]): readonly string[] {
  const pieces: string[] = [];
  let left = text;
  for (const mark of marks) {
    const end = left.indexOf(mark) + mark.length;
    pieces.push(left.slice(0, end));
    left = left.slice(end);
  }
  return [...pieces, left];
}
