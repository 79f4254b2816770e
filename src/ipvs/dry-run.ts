import type { Log } from '../model/ports.ts';
import { createMemoryTable } from './memory.ts';
import { commandText } from './save-format.ts';
import type { IpvsTablePort } from './table.ts';

/**
 * Reads a real table once, and from then on only says what would be written to it; a shadow takes the commands, so
 * that reading back agrees.
 */
export function createDryRunTable(modules: { readonly table: IpvsTablePort; readonly log: Log }): IpvsTablePort {
  const { table, log } = modules;
  let shadow: Promise<IpvsTablePort> | null = null;
  const takeShadow = (): Promise<IpvsTablePort> => {
    shadow ??= table.read().then(createMemoryTable, fault => {
      shadow = null;
      throw fault;
    });
    return shadow;
  };
  const rehearse = (text: string): void => log.info(`Dry run, not done: ipvsadm ${text}`);
  return {
    open: () => table.open(),
    read: async () => (await takeShadow()).read(),
    async write(commands) {
      for (const command of commands) rehearse(commandText(command));
      return (await takeShadow()).write(commands);
    },
    async flush() {
      rehearse('-C');
      await (await takeShadow()).flush();
    },
    setTimeouts: async ({ tcp, tcpfin, udp }) => rehearse(`--set ${tcp} ${tcpfin} ${udp}`),
  };
}
