import { once } from 'node:events';
import { type AddressInfo, createServer as createPlainServer, type Server, type Socket } from 'node:net';
import type { Connection, ConnectionOutcome, Sockets } from '../model/ports.ts';
import type { Ms } from '../model/time.ts';
import { loadTls } from './tls.ts';
import { trialCertificate } from './trial-certificate.ts';
import { within } from './within.ts';

type Connect = Sockets['connect'];
/** How a conversation ends: by the server, or by us with what it was good for. */
type End = 'server' | ConnectionOutcome;

/** A conversation that takes longer is one that failed. */
const longest: Ms = 1_000;
const word = 'é';

/**
 * Does `other` tell all that `known` tells of TLS over loopback: of full handshakes and resumed ones, of certificates, of a
 * peer that speaks no TLS and of one that is gone? What it tells as closed must be closed.
 */
export async function worksAsTls(known: Connect, other: Connect, patience = longest): Promise<boolean> {
  try {
    const expected = await hearAll(known, patience);
    return expected === (await hearAll(other, patience));
  } catch {
    return false;
  }
}

async function hearAll(connect: Connect, patience: Ms): Promise<string> {
  const open = new Set<Connection>();
  const accepted = new Set<Socket>();
  const secure = loadTls().createServer({ ...trialCertificate, noDelay: true }, socket => {
    socket.on('error', () => {});
    socket.write(`${socket.servername || 'without a name'} `);
    socket.on('data', bytes => (String(bytes) === 'end' ? socket.end() : socket.write(bytes)));
  });
  const plain = createPlainServer(socket => {
    socket.on('error', () => {});
    socket.resume().end('220 this is no TLS\r\n');
  });
  for (const server of [secure, plain]) server.on('connection', (socket: Socket) => accepted.add(socket));
  secure.on('tlsClientError', () => {});
  const told: string[] = [];
  const hear = async (port: number, end: End): Promise<void> => {
    told.push(await within(patience, converse(connect, port, end, open)));
  };
  try {
    const port = await listen(secure);
    // Each server is one that nobody has met. These are natural, natural, held, resumed, natural, and resumed in TLS 1.3; no session is left behind.
    for (const end of ['server', 'passed', 'passed', 'failed', 'passed', 'aborted'] as const) await hear(port, end);
    await within(patience, close(secure));
    await hear(port, 'aborted');
    await hear(await listen(plain), 'aborted');
    await within(patience, close(plain));
    return told.join('\n');
  } finally {
    for (const connection of open) connection.close();
    for (const socket of accepted) socket.destroy();
    await Promise.all([close(secure), close(plain)]);
  }
}

/** All that the handler is told, as one text. */
function converse(connect: Connect, port: number, end: End, open: Set<Connection>): Promise<string> {
  const told: string[] = [];
  let text = '';
  return new Promise(resolve => {
    const connection = connect(
      { address: '127.0.0.1', port },
      { serverName: 'checkalived.trial', reuseSession: true },
      {
        connected: () => told.push('connected'),
        opened(current) {
          told.push(`opened ${JSON.stringify(current.certificate())}`);
          current.write(word);
        },
        data(bytes) {
          text += Buffer.from(bytes).toString();
          if (!text.endsWith(word)) return;
          told.push(text);
          text = '';
          if (end === 'server') connection.write(Buffer.from('end'));
          else connection.close(end);
        },
        ended: () => told.push('ended'),
        closed(fault) {
          open.delete(connection);
          resolve(`${told.join(', ')}, closed ${JSON.stringify(fault)}`);
        },
      },
    );
    open.add(connection);
  });
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** When every connection is closed too. */
function close(server: Server): Promise<void> {
  return new Promise(resolve => server.close(() => resolve()));
}
