import { formatEndpoint } from '../src/model/endpoint.ts';

/** Words for the version of HTTP, as keepalived writes them. */
export const httpProtocols = ['1.0', '1.0C', '1.0c', '1.1'] as const;
/** keepalived's, in every request. */
export const userAgent = 'KeepAliveClient';
export type HttpProtocol = (typeof httpProtocols)[number];

export interface RequestOptions {
  readonly protocol: HttpProtocol;
  readonly path: string;
  /** Sent as written; null = the endpoint, whose port stands there even if it is 80 or 443. */
  readonly virtualhost: string | null;
  readonly endpoint: { readonly address: string; readonly port: number };
}

/** keepalived check_http.c:http_request_thread; the order of the lines is part of the behaviour. */
export function formatRequest({ protocol, path, virtualhost, endpoint }: RequestOptions): string {
  const version = protocol === '1.1' ? '1.1' : '1.0';
  const close = protocol === '1.0' ? '' : 'Connection: close\r\n';
  const host = virtualhost ?? formatEndpoint(endpoint.address, endpoint.port);
  return `GET ${path} HTTP/${version}\r\nUser-Agent: ${userAgent}\r\n${close}Host: ${host}\r\n\r\n`;
}
