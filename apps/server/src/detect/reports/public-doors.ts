import { type AnyEndpoint, PROBLEMS, type ProblemCode } from '@firebreak/contract';
import { reports as doors, reportGiven } from '@firebreak/contract/detect/reports';
import { foldAnswer, stateOfReport } from '@firebreak/core/detect/reports';
import { isRefusal, refuse, toMs } from '@firebreak/core/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type App, type Deps, loadStream, refuseWith } from '../../platform/index.ts';
import { mediaType } from '../signals/index.ts';
import { countsOf } from './counts.ts';
import { formPage, PAGE_HEADERS, receivedPage, refusedPage, statusPage } from './page.ts';
import { mayReport, takeReport, tooMany, type Waiting } from './send.ts';
import { findReference, readForm } from './store.ts';

const FORM = 'application/x-www-form-urlencoded';
const fromPage = (request: FastifyRequest): boolean => mediaType(request) === FORM;

const asPage = (reply: FastifyReply, html: string, status = 200, keep: 'no-store' | 'no-cache' = 'no-store') =>
  reply.code(status).headers(PAGE_HEADERS).header('cache-control', keep).type('text/html; charset=utf-8').send(html);

/** A refusal as whoever sent it reads it: a page for a form, a problem for a program. */
async function refused(deps: Deps, request: FastifyRequest, reply: FastifyReply, refusal: Waiting) {
  if (refusal.afterMs !== undefined) reply.header('retry-after', String(Math.ceil(refusal.afterMs / 1_000)));
  if (!fromPage(request)) return refuseWith(reply, refusal);
  const { status, title } = PROBLEMS[refusal.refused as ProblemCode];
  return asPage(reply, refusedPage(await readForm(deps.db), title, refusal.why), status);
}

/** The members of a form; of one that stands twice, the first. What was left empty was not said. */
function membersOf(body: string): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) if (value !== '') members[name] ??= value;
  return members;
}

function reportIn(request: FastifyRequest, body: string): unknown {
  if (!fromPage(request)) return JSON.parse(body);
  const { otherProduct, product, mayWrite, ...rest } = membersOf(body);
  return { ...rest, product: product ?? otherProduct, mayWrite: mayWrite !== undefined };
}

const FIELDS: Readonly<Record<string, string>> = {
  what: 'What happened',
  quote: 'What did it say or do',
  product: 'Which product',
  when: 'When',
  link: 'A link to it',
  contact: 'Your e-mail address',
  reference: 'Reference',
};

/** What is wrong with it, in words that repeat nothing of it. */
function wrongIn({ path, code, message }: z.core.$ZodIssue, form: boolean) {
  const name = String(path[0] ?? '');
  const field = form ? FIELDS[name] : undefined;
  if (field === undefined) return refuse('request.invalid', `${name || 'body'}: ${message}.`, `/${name}`);
  if (code === 'too_big') return refuse('request.invalid', `“${field}” is too long. Make it shorter.`, `/${name}`);
  return refuse(
    'request.invalid',
    name === 'contact' ? `“${field}” is not an address: ${message}.` : `“${field}” is missing.`,
    `/${name}`,
  );
}

/** What no person fills in, and programs that fill in everything do. */
const filledTrap = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && typeof (given as { website?: unknown }).website === 'string';

/** Opens a door for strangers: forms and JSON alone, whoever sends them; a session that comes along is not looked at. */
function publicDoor<S extends z.ZodType>(
  scope: App,
  deps: Deps,
  door: AnyEndpoint,
  read: {
    readonly schema: S;
    readonly members: (request: FastifyRequest, body: string) => unknown;
    readonly may: (request: FastifyRequest) => Promise<Waiting | null>;
    readonly take: (given: z.output<S>, request: FastifyRequest) => Promise<object | Waiting>;
    readonly page: (answer: never) => Promise<string>;
  },
): void {
  scope.route({
    method: door.method,
    url: door.path,
    bodyLimit: door.bodyLimit!,
    schema: {
      tags: [door.tag],
      summary: door.summary,
      ...(door.body && { body: door.body }),
      response: { [door.status ?? 200]: door.answer },
    },
    preParsing: async (request, reply) => {
      const may = await read.may(request);
      if (may !== null) return refused(deps, request, reply, may);
    },
    errorHandler: (error, request, reply) => {
      if (fromPage(request) && error.statusCode === 413)
        return refused(deps, request, reply, refuse('request.too-large', 'The report is too long. Make it shorter.'));
      throw error;
    },
    handler: async (request, reply) => {
      if (typeof request.body !== 'string')
        return refuseWith(reply, refuse('request.media-type', `Send ${FORM} or application/json.`));
      let given: unknown;
      try {
        given = read.members(request, request.body);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return refuseWith(reply, refuse('request.not-json', 'The body could not be read as JSON.'));
      }
      const found = read.schema.safeParse(given);
      if (!found.success) return refused(deps, request, reply, wrongIn(found.error.issues[0]!, fromPage(request)));
      if (filledTrap(given))
        return refused(deps, request, reply, refuse('request.invalid', 'Leave the field “website” empty.', '/website'));
      const answer = await read.take(found.data, request);
      if (isRefusal(answer)) return refused(deps, request, reply, answer);
      const status = door.status ?? 200;
      return fromPage(request)
        ? asPage(reply, await read.page(answer as never), status)
        : reply.code(status).header('cache-control', 'no-store').send(answer);
    },
  });
}

const unknown = () =>
  refuse(
    'report.unknown',
    'No report has this reference. See whether you typed it as it was given; it may also be older than what is kept.',
  );

/** The page, and the two doors behind it. */
export async function publicDoors(app: App, deps: Deps): Promise<void> {
  const shown = () => readForm(deps.db);
  app.get('/report', { schema: { hide: true } }, async (_request, reply) => {
    const form = await shown();
    // What was written has to be there still for whoever comes back to it: browsers forget what may not be stored.
    if (form.on) return asPage(reply, formPage(form), 200, 'no-cache');
    const { status, title } = PROBLEMS['report.off'];
    return asPage(reply, refusedPage(form, title, 'This organisation takes no reports here.'), status);
  });
  app.get('/report/status', { schema: { hide: true } }, async (_request, reply) =>
    asPage(reply, statusPage(await shown(), null)),
  );

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([FORM, 'application/json'], { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    scope.setValidatorCompiler(() => (value) => ({ value }));
    publicDoor(scope, deps, doors.send, {
      schema: reportGiven,
      members: reportIn,
      may: (request) => mayReport(deps, request.ip),
      take: (given, request) => takeReport(deps, given, request.ip),
      page: async (answer) => receivedPage(await shown(), answer),
    });
    publicDoor(scope, deps, doors.look, {
      schema: z.object({ reference: z.string().min(1).max(100) }),
      members: (request, body) => (fromPage(request) ? membersOf(body) : JSON.parse(body)),
      async may({ ip }) {
        const now = toMs(deps.now());
        const { looked } = countsOf(deps);
        const wait = looked.waitMs(ip, now);
        if (wait > 0) return tooMany(wait, 'References were looked at too often from your network. Try again later.');
        looked.add(ip, now);
        return null;
      },
      async take({ reference }) {
        const found = await findReference(deps.db, reference);
        if (found === null) return unknown();
        const facts = await loadStream(deps.db, found.feedback);
        return { state: stateOfReport(facts), receivedAt: found.receivedAt, answer: foldAnswer(facts) };
      },
      page: async (seen) => statusPage(await shown(), seen),
    });
  });
}
