import { faultsOf, readText } from '../read-text.ts';

/** `lines` beside what every instance needs; `base` in place of that. */
export function instance(
  lines = '',
  { name = 'V', id = 5, base = 'virtual_ipaddress {\n10.0.0.9/24\n}' } = {},
): string {
  return `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${id}\n${base}\n${lines}\n}\n`;
}

/** Codes of what is found wrong with a text that keepalived complains of, too; a fault that it does not know is named with a `-`. */
export function codesOf(text: string): readonly string[] {
  return readText(text).diagnostics.map(({ code, keepalived }) => (keepalived ? code : `-${code}`));
}

/** The model of a text without faults. */
export function readClean(text: string): ReturnType<typeof readText>['config'] {
  const result = readText(text);
  if (result.diagnostics.length > 0) throw new Error(`not clean: ${faultsOf(result).join(', ')}`);
  return result.config;
}
