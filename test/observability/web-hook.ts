import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
interface Delivery {
  /** `/pager` */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of web hooks, which takes everything. */
export interface WebHook {
  /** `http://127.0.0.1:8080` */
  readonly address: string;
  /** So far, in order of arrival. */
  deliveries(path: string): readonly Delivery[];
  stop(): Promise<void>;
}

/** On a port of loopback that is free. */
export async function startWebHook(): Promise<WebHook> {
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    deliveries.push({ path: request.url ?? '', headers: request.headers, body });
    response.end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliveries: path => deliveries.filter(delivery => delivery.path === path),
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
