import { lookup } from 'node:dns/promises';

/** As the system resolves it: /etc/hosts before DNS, and the addresses in the order of RFC 6724 and gai.conf. */
export async function resolveHost(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host, { all: true, verbatim: true });
    return found.map(({ address }) => address);
  } catch (fault) {
    throw new Error(explain(fault instanceof Error && 'code' in fault ? fault.code : undefined), { cause: fault });
  }
}

function explain(code: unknown): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
      return 'there is no host of this name';
    case 'EAI_AGAIN':
      return 'the name servers do not answer';
    default:
      return `the name cannot be resolved (${String(code)})`;
  }
}
