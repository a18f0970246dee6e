import { sealedSize } from '../checkpoints.ts';
import { deadJobs } from '../jobs.ts';
import type { App, Deps } from '../slice.ts';

/** `/healthz`: the process answers. `/readyz`: it can do work. `/metrics`: Prometheus text. */
export function health(app: App, deps: Deps, ready: () => boolean): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ ok: true }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const database = await deps.db.query('select 1').then(
      () => 'ok',
      (error: Error) => error.message,
    );
    const ok = database === 'ok' && ready();
    return reply.code(ok ? 200 : 503).send({ ok, database, accepting: ready(), engine: deps.db.engine });
  });
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    deps.metrics.facts.set(deps.feed.seq);
    deps.metrics.sealed.set(await sealedSize(deps.db));
    deps.metrics.dead.set(await deadJobs(deps));
    return reply.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
  });
}
