import type { AgentModules } from '../../src/engine/agent.ts';

/** For an agent whose mails and alerts nobody delivers. */
export const silentDeliverers: Pick<AgentModules, 'mailer' | 'channels'> = {
  mailer: { configure: () => {}, resume: () => {}, trouble: () => null, waiting: () => 0, close: async () => {} },
  channels: {
    configure: () => {},
    resume: () => {},
    trouble: () => null,
    waiting: () => new Map(),
    close: async () => {},
  },
};
