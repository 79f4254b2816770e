// A real server that takes connections and drops them, as cheaply as can be. Arguments: port.
import { createServer } from 'node:net';
import process from 'node:process';

createServer(socket => socket.destroy()).listen(Number(process.argv[2]), '0.0.0.0');
