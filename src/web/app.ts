import { Hono } from 'hono';
import type { Exposition } from '../model/exposition.ts';
import type { UnjudgedCheck } from '../model/inspection.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { streamText } from './stream-text.ts';

/** What the API tells of; asked at every request. */
export interface AppSources {
  readonly snapshot: () => Snapshot;
  readonly metrics: Exposition;
  /** Checks without a verdict; null: the agent has not started. */
  readonly unjudged: () => Iterable<UnjudgedCheck> | null;
  /** False once the agent stops. */
  readonly alive: () => boolean;
}

/**
 * The HTTP API as a function from request to response; server.ts gives it a socket.
 *
 * @example
 * const response = await createApp({ snapshot, metrics, unjudged, alive }).request('/api/v1/status');
 */
export function createApp({ snapshot, metrics, unjudged, alive }: AppSources): Hono {
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
    const missing = describeMissing(unjudged());
    const ready = missing.length === 0;
    return context.json({ ready, missing }, ready ? 200 : 503);
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

function describeMissing(unjudged: Iterable<UnjudgedCheck> | null): string[] {
  if (unjudged === null) return ['the agent is starting'];
  const named: string[] = [];
  for (const { type, realServer, virtualServer } of unjudged) {
    // Nor are they counted: who asks often would hold up what gives the verdicts.
    if (named.length === mostNamed) return [...named, 'and more'];
    named.push(`${type} of ${realServer} in ${virtualServer} has no verdict yet`);
  }
  return named;
}
