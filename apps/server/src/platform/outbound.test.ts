import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutboundRefused, outboundTo } from './outbound.ts';

const LIMITS = { timeoutMs: 2_000, mostBytes: 10_000, redirects: 3 };

describe('getting what stands at an address', () => {
  let server: Server;
  let at: string;
  const asked: string[] = [];
  const answers: Record<string, (response: ServerResponse) => void> = {
    '/plain': (response) => response.setHeader('etag', '"1"').end('héllo'),
    '/packed': (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('packed')),
    '/bomb': (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('0'.repeat(100_000))),
    '/huge': (response) => response.end('0'.repeat(20_000)),
    '/drips': (response) => void response.write('a'),
    '/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
    '/on': (response) => response.writeHead(301, { location: '/plain' }).end(),
    '/file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/inside': (response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end(),
    '/cut': (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    },
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url!);
      if (request.url === '/echo')
        void text(request).then((body) => {
          const { 'content-type': type, 'content-length': length } = request.headers;
          response.end(`${request.method} ${type} ${length} ${body}`);
        });
      else answers[request.url!]!(response);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const get = (path: string, limits = LIMITS) => outboundTo(['127.0.0.1']).get(`${at}${path}`, {}, limits);

  it('answers status, headers and text, decompressed, also after being sent on', async () => {
    expect(await get('/plain')).toMatchObject({ status: 200, body: 'héllo', headers: { etag: '"1"' } });
    expect(await get('/packed')).toMatchObject({ body: 'packed' });
    expect(await get('/on')).toMatchObject({ status: 200, body: 'héllo' });
  });

  it.each([
    ['text/xml; charset=ISO-8859-1', Buffer.from('<a>Müller</a>', 'latin1')],
    ['text/xml', Buffer.from('<?xml version="1.0" encoding="windows-1252"?><a>Müller</a>', 'latin1')],
    ['text/xml', Buffer.from('\uFEFF<a>Müller</a>', 'utf16le')],
    ['text/xml; charset=ISO-8859-1', Buffer.from('\uFEFF<a>Müller</a>', 'utf8')],
    ['text/xml; charset="nobody-knows"', Buffer.from('<a>Müller</a>', 'utf8')],
    ['', Buffer.from('<a>Müller</a>', 'utf8')],
  ])('reads the letters as %s says it, or as they say themselves', async (type, bytes) => {
    answers['/letters'] = (response) => response.writeHead(200, { 'content-type': type }).end(bytes);
    expect((await get('/letters')).body).toMatch(/<a>Müller<\/a>$/);
  });

  it.each([
    ['/huge', /larger than 9 KiB/],
    ['/bomb', /decompressed/],
    ['/loop', /sent on more than 3 times/],
    ['/cut', /broke off|aborted|hang up/],
  ])('gives up at %s and says why', async (path, says) => {
    await expect(get(path)).rejects.toThrow(says);
  });

  it('posts, and reads the answer without being sent on', async () => {
    const ask = (path: string, limits = LIMITS) =>
      outboundTo(['127.0.0.1']).ask(`${at}${path}`, { 'content-type': 'text/plain' }, 'héllo', limits);
    expect(await ask('/echo')).toMatchObject({ status: 200, body: 'POST text/plain 6 héllo' });
    expect(await ask('/on')).toMatchObject({ status: 301 });
    await expect(ask('/huge')).rejects.toThrow(/larger than 9 KiB/);
    await expect(ask('/drips', { ...LIMITS, timeoutMs: 50 })).rejects.toThrow('no whole answer within 0.05 seconds');
    await expect(outboundTo([]).ask(`${at}/echo`, {}, '', LIMITS)).rejects.toThrow(OutboundRefused);
  });

  it('sends by any method, under the same rules', async () => {
    const send = (method: string, path: string, body?: string, ranges = ['127.0.0.1']) =>
      outboundTo(ranges).send({ method, url: `${at}${path}`, headers: { 'content-type': 'text/plain' }, body }, LIMITS);
    expect(await send('PATCH', '/echo', 'héllo')).toMatchObject({ status: 200, body: 'PATCH text/plain 6 héllo' });
    expect(await send('GET', '/plain')).toMatchObject({ body: 'héllo' });
    expect(await send('POST', '/on', '')).toMatchObject({ status: 301 });
    await expect(send('GET', '/huge')).rejects.toThrow(/larger than 9 KiB/);
    await expect(send('PATCH', '/echo', '', [])).rejects.toThrow(OutboundRefused);
  });

  it('does not wait for what drips', async () => {
    await expect(get('/drips', { ...LIMITS, timeoutMs: 50 })).rejects.toThrow('no whole answer within 0.05 seconds');
  });

  it('goes to no private address and no other scheme, also not when sent there', async () => {
    const before = asked.length;
    await expect(outboundTo([]).get(`${at}/plain`, {}, LIMITS)).rejects.toThrow(OutboundRefused);
    expect(asked).toHaveLength(before);
    await expect(get('/inside')).rejects.toThrow('an address of a private network');
    await expect(get('/file')).rejects.toThrow('file: addresses are not followed');
  });
});
