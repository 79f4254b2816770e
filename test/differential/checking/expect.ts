// What programs do on one occasion, as the lines that differences list.

/** A real server comes back; `body` is the mail's text without the arrows, null if there is no mail. */
export function cameUp(server: string, body: string | null = texts.up, weight = 1): readonly string[] {
  return [`ipvs ADDDEST vs ${server} weight=${weight} NAT`, ...toldUp(server, body)];
}

export function wentDown(server: string, body: string | null = texts.down): readonly string[] {
  return [`ipvs DELDEST vs ${server}`, ...toldDown(server, body)];
}

function toldUp(server: string, body: string | null): readonly string[] {
  return told(server, 'UP', body);
}

export function toldDown(server: string, body: string | null): readonly string[] {
  return told(server, 'DOWN', body);
}

function told(server: string, word: 'UP' | 'DOWN', body: string | null): readonly string[] {
  const lines = [`fifo RS ${server} vs ${word}`, `script ${word.toLowerCase()} ${server}`];
  return body === null ? lines : [...lines, mailOf(server, word, body)];
}

export function mailOf(server: string, word: 'UP' | 'DOWN', body: string): string {
  return `mail [lab] Realserver ${server} of virtual server vs - ${word} => ${body} <=`;
}

export function quorumTold(word: 'UP' | 'DOWN', body: string | null): readonly string[] {
  const lines = [`fifo VS vs ${word}`, `script quorum_${word.toLowerCase()}`];
  return body === null ? lines : [...lines, quorumMail(word, body)];
}

export function quorumMail(word: 'UP' | 'DOWN', body: string): string {
  return `mail [lab] Virtualserver vs - ${word} => ${body} <=`;
}

export const texts = {
  up: 'CHECK succeed on service',
  down: 'CHECK failed on service : HTTP request failed',
  tcpUp: 'TCP CHECK succeed on service',
  tcpDown: 'TCP CHECK failed on service',
  dnsDown: 'DNS_CHECK: failed on service',
  udpUp: 'UDP CHECK succeed on service',
  udpDown: 'UDP CHECK failed on service',
  icmpUp: 'ICMP CHECK succeed on service',
  icmpDown: 'ICMP CHECK failed on service',
  miscUp: 'MISC CHECK succeeded on service',
  miscDown: 'MISC CHECK failed on service',
  miscLate: 'MISC CHECK timed out on service',
} as const;
