import { transmitters as doors } from '@firebreak/contract/respond/transmitters';
import { isRefusal, refuse } from '@firebreak/core/kernel';
import {
  endTransmitter,
  foldTransmitter,
  makeTransmitter,
  type TransmitterId,
} from '@firebreak/core/respond/transmitters';
import { type App, act, type Deps, OutboundRefused, outboundOf, route, type Slice } from '../../platform/index.ts';
import { guardSigner } from '../containment/index.ts';
import { heardFrom, listTransmitters, type TransmitterRow, transmitterBoard } from './board.ts';
import { keysOfTransmitters } from './keys.ts';
import { forgetHeard, receiver, type Taken } from './receive.ts';

const MOST_TRANSMITTERS = 20;
const LATER_SECONDS = 60;

async function routes(app: App, deps: Deps): Promise<void> {
  const keys = keysOfTransmitters(deps);
  const receive = receiver(deps, keys);
  const shown = ({ data, last_at, revoked, refused_at, err, description }: TransmitterRow) => {
    const { keys: of, systems, ...said } = data;
    return {
      ...said,
      keysUrl: 'url' in of ? of.url : null,
      systems: [...systems],
      endpoint: `${deps.config.publicUrl}${doors.receive.path.replace(':transmitter', said.id)}`,
      lastAt: last_at,
      revoked,
      refused: refused_at === null ? null : { at: refused_at, err, description },
    };
  };
  const one = async (id: string) => ({ transmitter: shown((await listTransmitters(deps.db, id))[0]!) });

  route(app, doors.list, async () => ({ transmitters: (await listTransmitters(deps.db)).map(shown) }));
  route(app, doors.make, async ({ body, caller }) => {
    const living = (await listTransmitters(deps.db)).filter(({ data }) => data.ended === null);
    if (living.length >= MOST_TRANSMITTERS)
      return refuse('transmitter.too-many', `At most ${MOST_TRANSMITTERS} transmitters are believed. End one first.`);
    const unknown = body.systems.find((system) => !guardSigner(deps).systems.has(system));
    if (unknown !== undefined)
      return refuse('system.unknown', `No system is registered as ${unknown}. Name it by its key.`, '/systems');
    const { keysUrl, keys: set, ...said } = body;
    try {
      if (keysUrl !== undefined) await outboundOf(deps).check(keysUrl);
    } catch (error) {
      if (error instanceof OutboundRefused) return refuse('subscription.private-address', error.message, '/keysUrl');
      // What is no address at all, the rule says.
      if (!(error instanceof TypeError)) throw error;
    }
    const transmitter: TransmitterId = deps.mint('trm');
    const done = await act(deps, {
      stream: transmitter,
      by: caller,
      may: 'people.administer',
      fold: foldTransmitter,
      decide: (state) =>
        makeTransmitter(state, {
          transmitter,
          ...said,
          systems: [...new Set(said.systems)],
          keys: keysUrl === undefined ? { set } : { url: keysUrl },
        }),
    });
    return isRefusal(done) ? done : one(transmitter);
  });
  route(app, doors.end, async ({ params, body, caller }) => {
    const done = await act(deps, {
      stream: params.transmitter,
      by: caller,
      may: 'people.administer',
      fold: foldTransmitter,
      decide: (state) => endTransmitter(state, body.reason),
    });
    if (isRefusal(done)) return done;
    keys.forget(params.transmitter);
    return one(params.transmitter);
  });
  route(app, doors.heard, async ({ query }) => ({
    events: await heardFrom(deps.db, query.transmitter, query.limit),
  }));

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/secevent+jwt', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    scope.setErrorHandler((error, _request, reply) => {
      const { statusCode } = error as { statusCode?: number };
      const description =
        statusCode === 413
          ? 'The token is larger than 16 KiB.'
          : statusCode === 415 || statusCode === 400
            ? 'Send one token as application/secevent+jwt.'
            : null;
      if (description === null) throw error;
      return reply
        .code(400)
        .header('content-language', 'en')
        .send({ err: 'invalid_request', description } satisfies Taken);
    });
    route(scope, doors.receive, async ({ params, request, reply }) => {
      const how = await receive(params.transmitter, typeof request.body === 'string' ? request.body : '');
      reply.header('cache-control', 'no-store');
      if (how === 'taken') reply.code(202).send();
      else if ('later' in how)
        reply
          .code(503)
          .headers({ 'retry-after': String(LATER_SECONDS), 'content-language': 'en' })
          .send({
            err: 'access_denied',
            description: how.later,
          });
      else reply.code(400).header('content-language', 'en').send(how);
      return null;
    });
  });
}

/** Who may tell, by Security Event Tokens (RFC 8417, RFC 8935), that agents were revoked elsewhere, and what came of it. */
export const transmitters: Slice = {
  name: 'transmitters',
  boards: [transmitterBoard],
  routes,
  watches: [{ name: 'heard events', everyMs: 3_600_000, look: forgetHeard }],
};
