import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock, Ms } from '../../src/model/time.ts';
import { type FaultServer, startFaultServer } from '../../testing/fault-server.ts';
import { testCertificate } from '../../testing/test-certificate.ts';

/** What a web server says of one URL. */
interface Page {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: readonly string[];
  readonly body?: string;
}
/** One thing for ever, or one for each time, of which the last stays. */
type OrInTurn<Thing> = Thing | readonly Thing[];

/**
 * What a server does, in the words of keepalived's test/tcp_server.c; texts are bytes, one character each. It does one
 * of `urls`, `commands`, `smtp`, `echoes` or `replies`; without them it swallows whatever comes.
 */
export interface Script {
  readonly tls?: boolean;
  /** Over TLS hangs up on whoever asks for another server. */
  readonly serverName?: string;
  /** Says this as soon as the connection stands; several are several packets. */
  readonly greets?: string | readonly string[];
  /** What comes back for a path, and 404 for any other. */
  readonly urls?: Readonly<Record<string, OrInTurn<Page | string>>>;
  readonly httpVersion?: string;
  /** What comes back for a line that begins so, for any other nothing; '' is nothing too. */
  readonly commands?: Readonly<Record<string, string>>;
  /** Goes over to TLS behind the answer to a line that begins so. */
  readonly startsTls?: string;
  /** A mail server that is well, but for `commands`. */
  readonly smtp?: boolean;
  readonly echoes?: boolean;
  /** What comes back for the first packet, the second ... */
  readonly replies?: readonly string[];
  /** Each answer comes so late, by this clock. */
  readonly delay?: { readonly by: Ms; readonly clock: Clock };
  /** How an answer reaches the client. */
  readonly in?: 'one piece' | 'single bytes';
  /** What follows an answer, or `greets` where nothing is answered; a reset only without TLS. */
  readonly afterwards?: 'stay' | 'close' | 'reset';
}

/** What one packet, line or request calls for; null = nothing. */
type Answer = (bytes: string) => string | null;

const wellMailServer = {
  HELO: '250 well met\r\n',
  EHLO: '250 well met\r\n',
  MAIL: '250 ok\r\n',
  RCPT: '250 ok\r\n',
  DATA: '354 go on\r\n',
  '.': '250 taken\r\n',
  QUIT: '221 goodbye\r\n',
};

export function startScriptedServer(script: Script, host?: string): Promise<FaultServer> {
  const answer = chooseAnswer(script);
  return startFaultServer(socket => play(script, answer, socket), script.tls === true, host);
}

/** Runs `work` beside a server, which is closed afterwards. */
export async function withServer<Result>(script: Script, work: (server: FaultServer) => Promise<Result>) {
  const server = await startScriptedServer(script);
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

function chooseAnswer({ urls, httpVersion = '1.1', commands, smtp, echoes, replies }: Script): Answer {
  if (urls) {
    const asked = new Map<string, number>();
    return request => {
      const path = request.split(' ', 2)[1] ?? '';
      const turn = asked.get(path) ?? 0;
      asked.set(path, turn + 1);
      return writeResponse(takeTurn(urls[path] ?? { status: 404 }, turn), httpVersion);
    };
  }
  if (commands || smtp) {
    const all = Object.entries({ ...(smtp && wellMailServer), ...commands });
    return line => all.find(([word]) => line.startsWith(word))?.[1] || null;
  }
  if (echoes) return bytes => bytes;
  let turn = 0;
  return () => replies?.[turn++] ?? null;
}

function takeTurn<Thing>(things: OrInTurn<Thing>, turn: number): Thing {
  if (!Array.isArray(things)) return things as Thing;
  return things[Math.min(turn, things.length - 1)] as Thing;
}

function writeResponse(page: Page | string, version: string): string {
  const { status = 200, headers = [], body = '' } = typeof page === 'string' ? { body: page } : page;
  const length = headers.some(line => /^(content-length|transfer-encoding):/i.test(line))
    ? []
    : [`Content-Length: ${body.length}`];
  return [`HTTP/${version} ${status} so it is`, ...length, ...headers, '', body].join('\r\n');
}

/** `greets`: a connection that has gone over to TLS is not greeted again. */
function play(script: Script, answer: Answer, socket: Socket, greets = script.greets ?? []): void {
  const { delay, afterwards = 'stay', startsTls, serverName } = script;
  if (serverName !== undefined && socket instanceof TLSSocket && askedFor(socket) !== serverName) {
    socket.end();
    return;
  }
  const isOver = unitEnd(script);
  const banner = typeof greets === 'string' ? [greets] : greets;
  let held = '';
  let last: Promise<void> = Promise.resolve();
  const say = (pieces: readonly string[], onward: () => void | Promise<void>): void => {
    last = last.then(async () => {
      if (delay) await new Promise<void>(resolve => delay.clock.at(delay.clock.now() + delay.by, resolve));
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) await letPass();
        if (socket.destroyed) return;
        socket.write(Buffer.from(piece, 'latin1'));
      }
      await onward();
    });
  };
  const end = async (): Promise<void> => {
    await letPass();
    if (afterwards === 'close') socket.end();
    if (afterwards === 'reset') socket.resetAndDestroy();
  };
  const hear = (bytes: Buffer): void => {
    held += bytes.toString('latin1');
    for (let length = isOver(held); length > 0; length = isOver(held)) {
      const unit = held.slice(0, length);
      held = held.slice(length);
      const text = answer(unit);
      if (text === null) continue;
      const goesOver = startsTls !== undefined && unit.startsWith(startsTls);
      say(script.in === 'single bytes' ? [...text] : [text], goesOver ? goOver : end);
    }
  };
  const goOver = (): void => {
    socket.off('data', hear);
    play(
      script,
      answer,
      new TLSSocket(socket, { isServer: true, ...testCertificate }).on('error', () => {}),
      [],
    );
  };
  socket.setNoDelay(true);
  if (banner.length > 0) say(banner, answersNothing(script) ? end : () => {});
  socket.on('data', hear);
}

/** The types of Node do not know it on the server's side. */
function askedFor(socket: TLSSocket): unknown {
  return (socket as TLSSocket & { readonly servername?: unknown }).servername;
}

function answersNothing({ urls, commands, smtp, echoes, replies }: Script): boolean {
  return !(urls || commands || smtp || echoes || replies);
}

/** Where the first request, line or packet of what came ends; 0 = not yet. */
function unitEnd({ urls, commands, smtp }: Script): (held: string) => number {
  if (urls) {
    return held => {
      const head = held.indexOf('\r\n\r\n') + 4;
      const length = Number(/^content-length: *(\d+)/im.exec(held.slice(0, head))?.[1] ?? 0);
      return head >= 4 && held.length >= head + length ? head + length : 0;
    };
  }
  return commands || smtp ? held => held.indexOf('\n') + 1 : held => held.length;
}

/** So that what was written does not travel with what will be. */
async function letPass(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve));
}
