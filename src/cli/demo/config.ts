import type { DemoServers } from './servers.ts';

/** The configuration of the demo, as an operator would write it. */
export function writeDemoConfig({ http, tcp, sorry }: Omit<DemoServers, 'close'>): string {
  return `global_defs {
    router_id demo
}

virtual_server 192.0.2.10 80 {
    delay_loop 1
    lb_algo wlc
    lb_kind NAT
    protocol TCP
    sorry_server 127.0.0.1 ${sorry}
${http.map(writeHttp).join('')}}

virtual_server 192.0.2.20 5432 {
    delay_loop 1
    lb_algo rr
    lb_kind NAT
    protocol TCP
${tcp.map(writeTcp).join('')}}
`;
}

function writeHttp(port: number): string {
  return `    real_server 127.0.0.1 ${port} {
        weight 10
        HTTP_GET {
            url {
                path /
                status_code 200
            }
            connect_timeout 1
            retry 1
            delay_before_retry 1
        }
    }
`;
}

function writeTcp(port: number): string {
  return `    real_server 127.0.0.1 ${port} {
        weight 1
        TCP_CHECK {
            connect_timeout 1
            retry 1
            delay_before_retry 1
        }
    }
`;
}
