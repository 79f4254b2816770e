// A real server: answers every request with its name. Arguments: name, port.
import { createServer } from 'node:http';
import process from 'node:process';

const [name = '', port = '80'] = process.argv.slice(2);
createServer((_, response) => response.end(name)).listen(Number(port), '0.0.0.0');
