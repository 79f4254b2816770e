import { exampleText } from './example.ts';

interface ExampleInstance {
  readonly name?: string;
  readonly virtualRouterId?: number;
  readonly address?: string;
  /** Besides interface, virtual_router_id and virtual_ipaddress. */
  readonly lines?: readonly string[];
}

/** Text of a vrrp_instance for the example of a rule; what is left out is as it should be. */
export function exampleInstance({
  name = 'VI_1',
  virtualRouterId = 51,
  address = '192.0.2.10/24',
  lines = [],
}: ExampleInstance): string {
  return exampleText([
    `vrrp_instance ${name} {`,
    'interface eth0',
    `virtual_router_id ${virtualRouterId}`,
    ...lines,
    'virtual_ipaddress {',
    address,
    '}',
    '}',
  ]);
}
