interface ExampleService {
  readonly head?: string;
  readonly kind?: 'NAT' | 'DR' | 'TUN';
  readonly scheduler?: string;
  /** Of the virtual_server, besides scheduler and forwarding. */
  readonly lines?: readonly string[];
  /** Lines of each real server, by its address and port. */
  readonly reals?: Readonly<Record<string, readonly string[]>>;
}

export const tcpCheck: readonly string[] = ['TCP_CHECK {', '}'];

/** Text of a virtual_server for the example of a rule; what is left out is as it should be. */
export function exampleService({
  head = '192.0.2.10 80',
  kind = 'NAT',
  scheduler = 'wlc',
  lines = ['protocol TCP'],
  reals = { '10.0.0.2 80': tcpCheck },
}: ExampleService = {}): string {
  const realServers = Object.entries(reals).map(([address, inner]) => [`real_server ${address} {`, ...inner, '}']);
  return exampleText([
    `virtual_server ${head} {`,
    `lb_algo ${scheduler}`,
    `lb_kind ${kind}`,
    ...lines,
    ...realServers.flat(),
    '}',
  ]);
}

/** Lines as a text, indented by their braces. */
export function exampleText(lines: readonly string[]): string {
  let depth = 0;
  let text = '';
  for (const line of lines) {
    if (line === '}') depth--;
    text += `${'    '.repeat(depth)}${line}\n`;
    if (line.endsWith('{')) depth++;
  }
  return text;
}
