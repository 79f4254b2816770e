import type { Param, ParamType } from '../../model/params.ts';

/** How words that are written as they stand, and the names of arguments, are set apart from the prose around them. */
export type Mark = (text: string) => string;

/** What stands behind a keyword, in plain text unless `mark` says otherwise; empty for nothing. */
export function describeArguments({ name, type }: Pick<Param, 'name' | 'type'>, mark: Mark = text => text): string {
  return describeHead(name, mark) ?? describeType(type, mark);
}

/** Where the words before the brace are more than a type says. */
function describeHead(name: string, mark: Mark): string | null {
  switch (name) {
    case 'virtual_server':
      return `${mark('IP [PORT]')}, ${mark('fwmark N')} or ${mark('group NAME')}, ${mark('{ ... }')}`;
    case 'virtual_server_group':
      return `${mark('NAME { ... }')}, in it lines ${mark('IP[-LAST|/MASK] [PORT]')} and ${mark('fwmark N [inet|inet6]')}`;
    default:
      return null;
  }
}

function describeType(type: ParamType, mark: Mark): string {
  switch (type.kind) {
    case 'flag':
    case 'ignored':
      return '';
    case 'bool':
      return mark('[BOOL]');
    case 'int':
      return `${mark(type.bare === undefined ? 'N' : '[N]')}, ${type.min} to ${type.max}`;
    case 'timer':
      return `${mark(type.unit === 'ms' ? 'MILLISECONDS' : 'SECONDS')}, ${describeSpan(type.min, type.max)}`;
    case 'word':
      return mark(type.bare === undefined ? 'WORD' : '[WORD]');
    case 'interface':
      return mark('INTERFACE');
    case 'weight':
      return `${mark('N [reverse|noreverse]')}, ${type.min} to ${type.max}`;
    case 'custom':
      return mark(type.syntax);
    case 'words':
      return mark('WORD ...');
    case 'choice':
      return `one of ${type.of.map(text => mark(text)).join(', ')}${type.anyCase ? ', in any case' : ''}`;
    case 'address':
      return mark('IP');
    case 'port':
      return mark('PORT');
    case 'endpoint':
      return mark('IP [PORT]');
    case 'host-port':
      return mark('HOST [PORT]');
    case 'script':
      return mark(type.user ? 'COMMAND [USER [GROUP]]' : 'COMMAND');
    case 'user':
      return mark('USER [GROUP]');
    case 'fifo':
      return mark('PATH [USER [GROUP]]');
    case 'lb-kind':
      return `${mark('NAT')}, ${mark('DR')} or ${mark('TUN [type ipip|gue|gre] [port N] [nocsum|csum|remcsum]')}`;
    case 'granularity':
      return 'netmask (IPv4) or prefix length (IPv6)';
    case 'status-codes':
      return `${mark('N')} or ${mark('N-M')}, several, 100 to 599`;
    case 'md5':
      return '32 hexadecimal digits';
    case 'secret':
      return `${mark('WORD')}, never printed`;
    case 'pattern':
      return mark('"PATTERN"');
    case 'cron':
      return `${mark('"EXPRESSION"')}, five or six fields`;
    case 'list':
      return type.entry === undefined ? mark('{ ... }') : `${mark('{ ... }')}, in it lines ${mark(type.entry.syntax)}`;
    case 'block':
      return type.head ? `${describeType(type.head, mark)} ${mark('{ ... }')}` : mark('{ ... }');
  }
}

/** More seconds than there have been is no limit to speak of. */
function describeSpan(min: number, max: number): string {
  if (max > 1e10) return min === 0 ? '0 or more' : 'more than 0';
  return `${plainNumber(min)} to ${plainNumber(max)}`;
}

/** Never 1e-6. */
function plainNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/0+$/, '');
}
