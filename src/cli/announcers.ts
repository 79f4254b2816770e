import type { Announcers } from '../engine/announcer.ts';
import type { Fifo, Globals, Settings } from '../model/config.ts';
import type { Log } from '../model/ports.ts';

/** Says what would be told, and tells nobody. */
export function rehearse(log: Log): Announcers {
  return {
    runScript: async ({ event, script }) => {
      log.info(`dry run, not done: ${event} ${script.argv.join(' ')}`);
      return { outcome: 'delivered', detail: 'dry run' };
    },
    writeFifo: line => log.info(`dry run, not done: FIFO line ${line}`),
    sendMail: ({ subject }) => log.info(`dry run, not done: mail ${subject}`),
    sendAlert: ({ channel, subject }) => log.info(`dry run, not done: ${channel} ${subject}`),
  };
}

/**
 * In mode `trackfile` keepalived sees real servers fail, and runs their scripts once its table has followed: nobody
 * wants each of them twice. Ours are those that stand behind `@checkalived`.
 */
export function leaveToKeepalived(announcers: Announcers, log: Log): Announcers {
  return {
    ...announcers,
    async runScript(effect, time) {
      if (effect.script.ours) return announcers.runScript(effect, time);
      log.info(`left to keepalived: ${effect.event} ${effect.script.argv.join(' ')}`);
      return { outcome: 'delivered', detail: 'left to keepalived' };
    },
  };
}

/** The FIFOs that are ours to write to. */
export function ownFifos({ notifyFifo, lvsNotifyFifo }: Globals, mode: Settings['ipvs']): readonly Fifo[] {
  const fifos = [notifyFifo, lvsNotifyFifo].filter(fifo => fifo !== null);
  return mode === 'trackfile' ? fifos.filter(({ ours }) => ours) : fifos;
}
