import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { testCertificate } from '../../../testing/test-certificate.ts';
import type { Answering, Behaviour } from './scenario.ts';

/** A place in the network whose behaviour can be changed. */
export interface ScriptedServer {
  become(behaviour: Behaviour): Promise<void>;
}

/**
 * Behaviours of another transport than TCP get a file of their own beside this one, and a case in `listen`.
 * @param modules `run` runs a program; `came` is told of each connection
 */
export function createScriptedServer(
  place: { readonly address: string; readonly port: number },
  modules: { readonly run: (words: readonly string[]) => Promise<unknown>; readonly came: () => void },
): ScriptedServer {
  let listener: Listener | null = null;
  let isThere = false;
  const move = async (there: boolean): Promise<void> => {
    if (there === isThere) return;
    isThere = there;
    await modules.run(['ip', 'address', there ? 'add' : 'delete', `${place.address}/32`, 'dev', 'lo']);
  };
  return {
    async become(behaviour) {
      // First away, then closed: nobody is to be told that it closes.
      if (behaviour.kind === 'gone') await move(false);
      if (
        listener &&
        (behaviour.kind === 'refused' || behaviour.kind === 'gone' || isTls(behaviour) !== listener.tls)
      ) {
        await listener.close();
        listener = null;
      }
      if (behaviour.kind !== 'gone') await move(true);
      if (behaviour.kind === 'refused' || behaviour.kind === 'gone') return;
      listener ??= await listen(place, isTls(behaviour), modules.came);
      listener.behaviour = behaviour;
    },
  };
}

type Listening = Exclude<Behaviour, { readonly kind: 'refused' | 'gone' }>;

function isTls(behaviour: Listening): boolean {
  return behaviour.tls === true;
}

interface Listener {
  behaviour: Listening;
  readonly tls: boolean;
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
    tls,
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

function answer(socket: Socket, { replies, until, greets, pause = 0, drip = 0, end, special }: Answering): void {
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
    const pieces = drip === 0 ? [reply] : cut(reply, 4);
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
