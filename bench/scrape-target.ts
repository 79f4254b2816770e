// The real servers of bench/scrape.ts: accepts on every address of 127.0.0.0/8. Prints its port.
import { createServer } from 'node:net';
import process from 'node:process';

const server = createServer(socket => {
  socket.on('error', () => {});
  socket.resume();
});
server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 }, () => {
  const address = server.address();
  if (address && typeof address === 'object') console.log(address.port);
});
// Ends with its parent.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
