import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { ports } from '../configs/places.ts';

/** The targets on port `ports.flapping`: all of them listen, or none does. */
export class FlappingServers {
  #server: Server | null = null;

  static async listen(): Promise<FlappingServers> {
    const servers = new FlappingServers();
    await servers.toggle();
    return servers;
  }

  async toggle(): Promise<void> {
    if (this.#server) {
      this.#server.close();
      this.#server = null;
      return;
    }
    this.#server = createServer(socket => socket.on('error', () => {}).resume());
    this.#server.listen({ port: ports.flapping, host: '0.0.0.0', backlog: 4096 });
    await once(this.#server, 'listening');
  }
}
