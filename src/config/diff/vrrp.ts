import { type Change, matchByName } from './change.ts';
import { tellOfKeepalived } from './keepalived.ts';
import { isSameValue } from './values.ts';

/** Keywords of the lists of a VRRP configuration. */
const keywords: Readonly<Record<string, string>> = {
  instances: 'vrrp_instance',
  syncGroups: 'vrrp_sync_group',
  scripts: 'vrrp_script',
  trackProcesses: 'vrrp_track_process',
  trackFiles: 'track_file',
  trackGroups: 'track_group',
  garpGroups: 'garp_group',
  bfdInstances: 'bfd_instance',
  staticAddresses: 'static_ipaddress',
  staticRoutes: 'static_routes',
  staticRules: 'static_rules',
  linkbeatInterfaces: 'linkbeat_interfaces',
  interfaceDelays: 'interface_up_down_delays',
};
/** Keywords of the root whose blocks are in the model. */
export const modelledKeywords: ReadonlySet<string> = new Set([...Object.values(keywords), 'vrrp_track_file']);

/**
 * One change for each object of VRRP that differs, whatever it is made of: keepalived acts on it, so its parts are not
 * told.
 */
export function diffVrrp(before: object, after: object): readonly Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap(name => {
    const keyword = keywords[name] ?? name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
    const [old, now] = [memberOf(before, name) ?? [], memberOf(after, name) ?? []];
    if (isNamed(old) && isNamed(now)) return diffNamed(keyword, old, now);
    return isSameValue(old, now) ? [] : [tellOfKeepalived('changed', keyword)];
  });
}

interface Named {
  readonly name: string;
}

function diffNamed(keyword: string, before: readonly Named[], after: readonly Named[]): readonly Change[] {
  return matchByName(before, after, object => object.name).flatMap(([old, now]) => {
    const what = `${keyword} ${now?.name ?? old?.name}`;
    // Their checks are compared themselves.
    const effect = keyword === keywords['trackFiles'] ? 'checkalived acts on it for FILE_CHECK only' : undefined;
    if (old === null) return [tellOfKeepalived('added', what, effect)];
    if (now === null) return [tellOfKeepalived('removed', what, effect)];
    return isSameValue(old, now) ? [] : [tellOfKeepalived('changed', what, effect)];
  });
}

/** Has each of the objects a name? Then they are found again by it. */
function isNamed(value: unknown): value is readonly Named[] {
  return (
    Array.isArray(value) &&
    value.every(item => typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string')
  );
}

function memberOf(object: object, name: string): unknown {
  return new Map<string, unknown>(Object.entries(object)).get(name);
}
