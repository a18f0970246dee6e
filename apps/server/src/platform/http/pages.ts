import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { PROBLEMS } from '@firebreak/contract';
import type { App, Deps } from '../slice.ts';
import { sendProblem } from './problems.ts';

const YEAR = 'public, max-age=31536000, immutable';
const escaped = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

const PAGE_STYLE =
  ':root{color-scheme:light dark}body{font:16px/1.5 system-ui;max-width:42rem;margin:3rem auto;padding:0 1rem}h1{font-size:1.4rem}h2{font-size:1rem;margin-top:2rem}';

/** The little Markdown the pages about problems are written in: headings, paragraphs, code. */
function problemPage(code: string, markdown: string): string {
  const blocks = escaped(markdown)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .split(/\n{2,}/)
    .map((block) => {
      const heading = /^(#{1,2}) (.*)$/.exec(block.trim());
      return heading ? `<h${heading[1]!.length}>${heading[2]}</h${heading[1]!.length}>` : `<p>${block}</p>`;
    });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${code}</title><link rel="icon" href="/mark.svg"><style>${PAGE_STYLE}</style></head><body><main>${blocks.join('')}</main></body></html>`;
}

/** The web app, the pages about problems, and an honest answer for every other address. */
export async function pages(app: App, deps: Deps): Promise<void> {
  const web = join(deps.config.home, 'apps/web/dist');
  const built = existsSync(join(web, 'index.html'));
  if (built) {
    await app.register(fastifyStatic, {
      root: web,
      wildcard: false,
      index: false,
      setHeaders: (reply, path) => void reply.header('cache-control', path.includes('/assets/') ? YEAR : 'no-cache'),
    });
  }
  const index = built
    ? await readFile(join(web, 'index.html'), 'utf8')
    : '<!doctype html><title>Firebreak</title><p>The web app has not been built. Run <code>npm run build</code>.';

  app.get('/problems/:code', { schema: { hide: true } }, async (request, reply) => {
    const { code } = request.params as { code: string };
    if (!(code in PROBLEMS)) return sendProblem(reply, 'address.unknown', 'There is no problem of this name.');
    const text = await readFile(join(deps.config.home, 'docs/problems', `${code}.md`), 'utf8').catch(() => `# ${code}`);
    return reply.type('text/html; charset=utf-8').send(problemPage(code, text));
  });

  app.setNotFoundHandler((request, reply) => {
    const page =
      request.method === 'GET' &&
      (request.headers.accept ?? '').includes('text/html') &&
      !/^\/(api|v1|ofrep|intake)\//.test(request.url);
    // What the page reads from here on is no older than this: its live stream begins behind it, and nothing falls in between.
    if (page)
      return reply
        .code(200)
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-cache')
        .header('server-timing', `seq;desc="${deps.feed.seq}"`)
        .send(index);
    return sendProblem(
      reply,
      'address.unknown',
      `There is nothing at ${request.method} ${request.url.split('?')[0]!.slice(0, 200)}. The list of addresses is at /docs.`,
    );
  });
}
