/** A configuration of virtual servers with this many real servers each, one HTTP check a real server. */
export function writeLargeConfig(virtualServers: number, realServers: number): string {
  const parts = ['global_defs {\n    router_id bench\n}\n'];
  for (let service = 0; service < virtualServers; service++) {
    parts.push(`virtual_server 192.0.${service >> 8}.${service & 255} 80 {
    delay_loop 10
    lb_algo wlc
    lb_kind NAT
    protocol TCP
    quorum 2
`);
    for (let server = 0; server < realServers; server++)
      parts.push(`    real_server 10.${service >> 8}.${service & 255}.${server + 1} 8080 {
        weight 10
        HTTP_GET {
            url {
                path /health
                status_code 200
            }
            connect_timeout 1
            retry 2
            delay_before_retry 1
        }
    }
`);
    parts.push('}\n');
  }
  return parts.join('');
}
