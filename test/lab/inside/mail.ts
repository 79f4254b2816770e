// A mail server that keeps every message as it came, a line of JSON each. Arguments: the file.
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { SMTPServer } from 'smtp-server';

const [file = ''] = process.argv.slice(2);
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, session, done) {
    const parts: Buffer[] = [];
    stream.on('data', part => parts.push(part));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = {
        client: session.remoteAddress,
        helo: session.hostNameAppearsAs,
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(to => to.address),
      };
      appendFileSync(
        file,
        `${JSON.stringify({ at: Date.now(), ...envelope, message: Buffer.concat(parts).toString('latin1') })}\n`,
      );
      done();
    });
  },
});
server.listen(25, '0.0.0.0');
