/** Addresses of a scenario by its number: virtual servers are in no interface, real servers in a network that is a hole. */
interface Names {
  readonly virtualServer: string;
  address(server: string): string;
}

export const port = 80;
/** An interface, and its network: packets to addresses of it that nobody has vanish. */
export const hole = 'hole';
export const holeNetwork = '10.66.0.1/16';
const special: Readonly<Record<string, number>> = { sorry: 9, sorry2: 8 };

export function namesOf(scenario: number): Names {
  return {
    virtualServer: `10.77.0.${scenario}`,
    address: server => `10.66.${scenario}.${special[server] ?? Number(server.slice('rs'.length))}`,
  };
}

/** Where the files of a run are, in a file system that ends with it. */
export const home = '/run/differential';

/** The file of one command of MISC_CHECK. */
export function scriptPath(scenario: number, name: string): string {
  return `${home}/script-${scenario}-${name}`;
}

/** Files of track_file; a folder of their own, for it is watched. */
export const valueFolder = `${home}/values`;

export function valuePath(scenario: number, name: string): string {
  return `${valueFolder}/${scenario}-${name}`;
}

/** Puts addresses and paths in place of the names. */
export function fillIn(text: string, scenario: number): string {
  const { virtualServer, address } = namesOf(scenario);
  return text
    .replaceAll('{vs}', `${virtualServer} ${port}`)
    .replaceAll('{vs.address}', virtualServer)
    .replaceAll('{number}', String(scenario))
    .replaceAll('{note}', `${home}/note ${scenario}`)
    .replaceAll(/\{script:(\w+)\}/g, (_, name: string) => scriptPath(scenario, name))
    .replaceAll(/\{file:(\w+)\}/g, (_, name: string) => valuePath(scenario, name))
    .replaceAll(/\{(rs\d|sorry2?)\.address\}/g, (_, server: string) => address(server))
    .replaceAll(/\{(rs\d|sorry2?)\}/g, (_, server: string) => `${address(server)} ${port}`);
}

/** The number of the scenario that a line is about, and the line with names in place of addresses; null: about none. */
export function takeOut(line: string): { readonly scenario: number; readonly text: string } | null {
  const place = /\b10\.77\.0\.(\d+)|\bFWM (\d+)|\bfwmark:(\d+)|\[group-(\d+)\]/.exec(line);
  const scenario = Number(place?.slice(1).find(number => number !== undefined) ?? 0);
  if (scenario === 0) return null;
  const text = line
    .replaceAll(/\[10\.77\.0\.\d+\]:(?:tcp|udp):80\b|\b(?:tcp|udp):10\.77\.0\.\d+:80\b/g, 'vs')
    .replaceAll(/\[group-\d+\]:0\b/g, 'vs')
    .replaceAll(/\bFWM \d+/g, 'vs')
    .replaceAll(/\bfwmark:\d+/g, 'vs:fwmark')
    .replaceAll(/\b(?:tcp|udp):10\.77\.0\.\d+:(\d+)\b/g, 'vs:$1')
    .replaceAll(/\[10\.66\.\d+\.(\d+)\]:\w+:80\b|\b10\.66\.\d+\.(\d+):80\b/g, (_, one, other) =>
      nameOf(Number(one ?? other)),
    );
  return { scenario, text };
}

function nameOf(host: number): string {
  return Object.keys(special).find(name => special[name] === host) ?? `rs${host}`;
}
