import { Hono } from 'hono';
import type { Exposition } from '../model/exposition.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { streamText } from './stream-text.ts';

/** What the API tells of; asked at every request. */
export interface AppSources {
  readonly snapshot: () => Snapshot;
  readonly metrics: Exposition;
  /** Has every check a verdict? */
  readonly ready: () => boolean;
  /** False once the agent stops. */
  readonly alive: () => boolean;
}

/**
 * The HTTP API as a function from request to response; server.ts gives it a socket.
 *
 * @example
 * const response = await createApp({ snapshot, metrics, ready, alive }).request('/api/v1/status');
 */
export function createApp({ snapshot, metrics, ready, alive }: AppSources): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header('Cache-Control', 'no-store');
  });
  app.get('/api/v1/status', context => context.json(snapshot()));
  app.get('/metrics', context => {
    const { contentType, pieces } = metrics.scrape(context.req.header('accept'));
    context.header('Content-Type', contentType);
    return context.body(streamText(pieces));
  });
  app.get('/healthz', context => {
    const isAlive = alive();
    return context.json({ alive: isAlive }, isAlive ? 200 : 503);
  });
  app.get('/readyz', context => {
    if (!alive()) return context.json({ ready: false, missing: ['the agent is stopping'] }, 503);
    if (ready()) return context.json({ ready: true, missing: [] });
    return context.json({ ready: false, missing: describeMissing(snapshot()) }, 503);
  });
  app.notFound(context =>
    context.json({ error: `there is no ${context.req.method} ${context.req.path}`, paths: [...paths] }, 404),
  );
  app.onError((fault, context) => context.json({ error: `this is a bug of checkalived: ${fault.message}` }, 500));
  return app;
}

const paths = ['/api/v1/status', '/metrics', '/healthz', '/readyz'] as const;

/** Of ten thousand checks nobody reads all the names. */
const mostNamed = 20;

function describeMissing({ virtualServers }: Snapshot): string[] {
  const missing = virtualServers.flatMap(vs =>
    vs.realServers.flatMap(rs =>
      rs.state === 'disabled'
        ? []
        : rs.checks
            .filter(check => check.up === null)
            .map(check => `${check.type} of ${rs.id} in ${vs.id} has no verdict yet`),
    ),
  );
  if (missing.length === 0) return ['the agent is starting'];
  if (missing.length <= mostNamed) return missing;
  return [...missing.slice(0, mostNamed), `and ${missing.length - mostNamed} more`];
}
