import type { RsId, VsId } from './ids.ts';

/** Where the value files of mode `trackfile` are. */
export function trackDirectory(settings: { readonly stateDir: string; readonly trackDir: string | null }): string {
  return settings.trackDir ?? `${settings.stateDir}/trackfiles`;
}

/** Names of a real server's two value files and of their track_file blocks: each one word that no other has. */
export function trackFileNames(
  virtualServer: VsId,
  realServer: RsId,
): { readonly state: string; readonly weight: string } {
  const [kind = '', ...rest] = virtualServer.split('/');
  // Only the name of a group may hold anything.
  const place = kind === 'group' ? escapeWord(rest.join('/')) : rest.join('_');
  const state = `${kind}_${place}_${escapeWord(realServer)}`;
  return { state, weight: `${state}.weight` };
}

function escapeWord(text: string): string {
  return text.replace(/[^\w.:[\]-]/g, letter => encodeURIComponent(letter).replace(/[!'()*~]/g, escapeRest));
}

/** What encodeURIComponent leaves alone. */
function escapeRest(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
}
