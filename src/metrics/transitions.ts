import type { VirtualServer } from '../model/server.ts';
import type { Transition } from '../model/transition.ts';

/** How often something has come up and gone down. */
interface Changes {
  up: number;
  down: number;
}

/** What has changed in one virtual server. */
export interface ServerChanges {
  readonly quorum: Changes;
  /** By id; only those that ever changed. */
  readonly realServers: Map<string, Changes>;
}

/** Counts changes of state. A first verdict of up is none: that is what was assumed. */
export class TransitionCounts {
  /** All that are told, by what they are about. */
  readonly objects: Record<Transition['object'], number> = {
    real_server: 0,
    virtual_server: 0,
    sorry_server: 0,
    weight: 0,
  };
  readonly #servers = new Map<string, ServerChanges>();

  changed({ object, virtualServer, realServer, from, to }: Transition): void {
    this.objects[object]++;
    if ((to !== 'up' && to !== 'down') || (from === 'unknown' && to === 'up')) return;
    const server = this.#servers.get(virtualServer) ?? { quorum: { up: 0, down: 0 }, realServers: new Map() };
    this.#servers.set(virtualServer, server);
    if (object === 'virtual_server') server.quorum[to]++;
    if (object !== 'real_server' || realServer === null) return;
    const changes = server.realServers.get(realServer) ?? { up: 0, down: 0 };
    server.realServers.set(realServer, changes);
    changes[to]++;
  }

  /** undefined: nothing in it has changed. */
  of(virtualServer: string): ServerChanges | undefined {
    return this.#servers.get(virtualServer);
  }

  /** After a reload: what has left begins at 0 when it comes back. */
  keep(virtualServers: readonly VirtualServer[]): void {
    const stay = new Map(virtualServers.map(({ id, realServers }) => [String(id), realServers]));
    for (const [id, { realServers }] of this.#servers) {
      const servers = stay.get(id);
      if (!servers) {
        this.#servers.delete(id);
        continue;
      }
      const ids = new Set<string>(servers.map(server => server.id));
      for (const server of realServers.keys()) if (!ids.has(server)) realServers.delete(server);
    }
  }
}
