import { createServer, type Socket } from 'node:net';

interface ReceivedMail {
  readonly subject: string;
  readonly body: string;
}

/**
 * A mail server that takes everything. Not smtp-server: that lets every client wait 100 ms before it greets, and here one
 * program sends its mails one after the other and the other all at once.
 */
export async function startMailSink(port: number, received: (mail: ReceivedMail) => void): Promise<void> {
  const server = createServer(socket => converse(socket, received));
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', 512, resolve));
}

function converse(socket: Socket, received: (mail: ReceivedMail) => void): void {
  let text = '';
  let isMessage = false;
  const take = (end: string): string | null => {
    const place = text.indexOf(end);
    if (place < 0) return null;
    const piece = text.slice(0, place);
    text = text.slice(place + end.length);
    return piece;
  };
  // Who is stopped in the middle of a mail breaks off.
  socket.on('error', () => {});
  socket.on('data', bytes => {
    text += bytes.toString('latin1');
    for (
      let piece = take(isMessage ? '\r\n.\r\n' : '\r\n');
      piece !== null;
      piece = take(isMessage ? '\r\n.\r\n' : '\r\n')
    ) {
      if (isMessage) received(readMail(piece));
      isMessage = !isMessage && /^DATA$/i.test(piece);
      if (/^QUIT/i.test(piece)) socket.end('221 bye\r\n');
      else socket.write(isMessage ? '354 go on\r\n' : '250 well\r\n');
    }
  });
  socket.write('220 sink\r\n');
}

/** Subject and text of a message; no other words than ASCII stand in either. */
export function readMail(message: string): ReceivedMail {
  const [head = '', ...rest] = message.split('\r\n\r\n');
  const subject = /^Subject: (.*)$/im.exec(head.replaceAll(/\r\n[ \t]+/g, ' '))?.[1] ?? '';
  return { subject: subject.trim(), body: rest.join('\n\n').replaceAll('\r\n', '\n').trim() };
}
