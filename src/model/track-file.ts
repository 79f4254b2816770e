import type { RsId, VsId } from './ids.ts';

/** What keepalived's FILE_CHECK takes for a failure when its weight is 1 (keepalived include/ip_vs.h:IPVS_WEIGHT_FAULT). */
export const downValue = -2_147_483_648;

/** Where the value files of mode `trackfile` are. */
export function trackDirectory(settings: { readonly stateDir: string; readonly trackDir: string | null }): string {
  return settings.trackDir ?? `${settings.stateDir}/trackfiles`;
}

/** Name of a real server's value file and of its track_file block: one word, and no two real servers share it. */
export function trackFileName(virtualServer: VsId, realServer: RsId): string {
  const [kind = '', ...rest] = virtualServer.split('/');
  // Only the name of a group may hold anything.
  const place = kind === 'group' ? escapeWord(rest.join('/')) : rest.join('_');
  return `${kind}_${place}_${escapeWord(realServer)}`;
}

function escapeWord(text: string): string {
  return text.replace(/[^\w.:[\]-]/g, letter => encodeURIComponent(letter).replace(/[!'()*~]/g, escapeRest));
}

/** What encodeURIComponent leaves alone. */
function escapeRest(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
}
