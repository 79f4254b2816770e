import { get } from 'node:http';
import { ports } from '../configs/places.ts';

/** Asks the agent's API; status 0 when nobody listens. */
export function askApi(path: string): Promise<{ readonly status: number; readonly bytes: number }> {
  return new Promise(resolve => {
    get({ host: '127.0.0.1', port: ports.api, path, agent: false }, response => {
      let bytes = 0;
      response.on('data', (piece: Buffer) => {
        bytes += piece.length;
      });
      response.on('close', () => resolve({ status: response.statusCode ?? 0, bytes }));
    }).on('error', () => resolve({ status: 0, bytes: 0 }));
  });
}
